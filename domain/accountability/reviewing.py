"""Review: asked for by the respondent in time, decided without suspending anything meanwhile (R4.18, R4.22)."""

from uuid import UUID

from domain.accountability import aftermath as c
from domain.accountability import events_after as a
from domain.accountability.clocks import begun
from domain.accountability.consequences import consequences
from domain.accountability.evolve import evolve
from domain.accountability.guards import member, official, party, party_served, rules_of, standing
from domain.accountability.serving import AFTER_RESOLUTION
from domain.accountability.state import AccountabilityCaseState, Party
from domain.accountability.verdicts import verdict_of
from domain.accountability.words import Verdict
from domain.kernel import Context, Event, Refusal


def request(state: AccountabilityCaseState, command: c.RequestReview, context: Context) -> tuple[Event, ...]:
    """The respondent himself, or the head of the unit, asks once and in time."""
    person = member(context)
    standing(state, *AFTER_RESOLUTION)
    about = party_served(state, command.respondent_id)
    if person != about.respondent.answering:
        raise Refusal(
            "not_the_respondent",
            zh="只能由被问责人本人申请复核",
            en="Only the respondent asks for a review of what was decided about him.",
            clause="R4.18",
            kind="forbidden",
        )
    if about.review is not None:
        raise Refusal("review_asked_already", zh="已申请过复核", en="A review was asked for already.", clause="R4.18")
    if not about.review_open:
        raise Refusal(
            "too_late_for_review",
            zh="申请复核的期限已过",
            en="The time to ask for a review has passed.",
            clause="R4.18",
        )
    requested = a.ReviewRequested(
        respondent_id=command.respondent_id, reasons=command.reasons, requested_on=context.today, by=person
    )
    limit = begun("review", rules_of(state, context), state.rule_version, context, respondent_id=command.respondent_id)
    return (requested, limit)


def decide(state: AccountabilityCaseState, command: c.DecideReview, context: Context) -> tuple[Event, ...]:
    """Uphold, change or revoke; what no longer stands is reversed by new events, and is filed anew (R4.19, R4.22)."""
    person = official(state, context)
    standing(state, *AFTER_RESOLUTION)
    about = party(state, command.respondent_id)
    if about.review is None or about.verdict is None or not about.under_review:
        raise Refusal(
            "no_review_pending", zh="没有待决定的复核", en="No review of this decision is pending.", clause="R4.18"
        )
    rules = rules_of(state, context)
    if rules.review_body == "uninvolved":
        _must_not_have_decided(state, person)
    verdict = _changed(state, command, about, context)
    decided = a.ReviewDecided(
        respondent_id=command.respondent_id,
        outcome=command.outcome,
        reason=command.reason,
        original=about.verdict,
        verdict=verdict,
        requested_on=about.review.requested_on,
        decided_on=context.today,
        in_force_meanwhile=tuple(about.sanctions),
        effect_meanwhile=None if about.effect is None else about.effect.effect,
        carried_out_meanwhile=about.steps_since_request,
        rule_version=state.rule_version,
        readings={"R4.18.body": rules.review_body, **(verdict.readings if verdict else {})},
        by=person,
    )
    after = evolve(state, decided)
    filing = begun("filing", rules, state.rule_version, context, respondent_id=command.respondent_id)
    if command.outcome == "upheld":
        return (decided, filing)
    changed = after.parties[command.respondent_id]
    return (decided, filing, *consequences(after, changed, verdict, command.reason, context))


def _changed(state: AccountabilityCaseState, command: c.DecideReview, about: Party, context: Context) -> Verdict | None:
    """The new verdict of a changed decision; it holds to account, for otherwise the decision is revoked."""
    given = command.verdict
    if (command.outcome == "changed") != (given is not None):
        raise _wrong(
            "verdict_out_of_place", "变更决定须且仅须附新决定", "A changed decision, and it alone, brings a verdict."
        )
    if given is None:
        return None
    if given.respondent_id != command.respondent_id:
        raise _wrong(
            "other_respondent", "新决定须针对同一对象", "The verdict is about another respondent.", ".respondent_id"
        )
    if given.outcome != "accountable":
        raise _wrong("revoke_instead", "不再追究的应予撤销", "What no longer holds to account is revoked.", ".outcome")
    return verdict_of(given, about, rules_of(state, context), context, "verdict")


def _must_not_have_decided(state: AccountabilityCaseState, person: UUID) -> None:
    if person in state.deciders:
        raise Refusal(
            "reviewer_decided",
            zh="参与原决定的人员不得复核",
            en="Who took part in the decision does not review it.",
            clause="R4.18",
            kind="forbidden",
            details={"reading": "uninvolved"},
        )


def _wrong(code: str, zh: str, en: str, field: str = "") -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R4.18", kind="value", field=f"verdict{field}")
