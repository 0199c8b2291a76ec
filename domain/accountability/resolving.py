"""The resolution: committee or meeting gives each respondent his verdict (R4.7, R4.14)."""

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.clocks import begun
from domain.accountability.guards import coded, official, party, rules_of, standing, uninterested
from domain.accountability.state import AccountabilityCaseState
from domain.accountability.verdicts import verdict_of, wrong
from domain.accountability.words import Verdict, VerdictGiven
from domain.kernel import Context, Event
from domain.rules.r4 import R4Rules


def resolve(state: AccountabilityCaseState, command: c.Resolve, context: Context) -> tuple[Event, ...]:
    """Committee or meeting resolves on all respondents at once; where nobody is accountable the case ends here."""
    person = official(state, context)
    standing(state, "heard")
    uninterested(state, command.attendees, "attendees")
    rules = rules_of(state, context)
    verdicts = _verdicts(state, command.verdicts, rules, context)
    resolved = e.CaseResolved(
        body=command.body,
        attendees=command.attendees,
        matter=state.matter,
        grounds=coded(rules, state.grounds, state.about_case),
        verdicts=verdicts,
        decided_on=context.today,
        decided_at=context.now,
        review_days=rules.review_request_days,
        rule_version=state.rule_version,
        by=person,
    )
    accountable = [verdict for verdict in verdicts if verdict.outcome == "accountable"]
    if not accountable:
        reason = "；".join(f"{verdict.respondent.name}：{verdict.reason}" for verdict in verdicts)
        return (resolved, e.CaseDismissed(stage="resolution", reason=reason, by=person))
    limits = (
        begun("service", rules, state.rule_version, context, respondent_id=verdict.respondent.id)
        for verdict in accountable
    )
    return (resolved, *limits, begun("filing", rules, state.rule_version, context))


def _verdicts(
    state: AccountabilityCaseState, given: tuple[VerdictGiven, ...], rules: R4Rules, context: Context
) -> tuple[Verdict, ...]:
    verdicts = []
    seen = set()
    for place, each in enumerate(given):
        field = f"verdicts[{place}]"
        about = party(state, each.respondent_id, f"{field}.respondent_id")
        if each.respondent_id in seen:
            raise wrong(
                "verdict_twice", "同一问责对象有两项决定", "A respondent has two verdicts.", f"{field}.respondent_id"
            )
        seen.add(each.respondent_id)
        verdicts.append(verdict_of(each, about, rules, context, field))
    missing = [about.respondent.name for key, about in state.parties.items() if key not in seen]
    if missing:
        names = "、".join(missing)
        raise wrong("verdict_missing", f"缺少对{names}的决定", f"There is no verdict on {names}.", "verdicts")
    return tuple(verdicts)
