"""What a decision does to a respondent: forms to carry out, an effect on appraisal; and how both are taken back."""

from collections.abc import Iterator
from typing import Any

from domain.accountability import events_after as a
from domain.accountability.clocks import begun
from domain.accountability.guards import rules_of
from domain.accountability.state import AccountabilityCaseState, Party
from domain.accountability.words import Coded, Verdict
from domain.kernel import Context, Event
from domain.periods import month_of
from domain.rules.r4 import R4Rules
from domain.rules.r4_parts import Form

GRAVEST_FIRST = ("not_competent", "basically_competent", "not_excellent")
"""The effects on appraisal (R4.8)."""


def consequences(
    state: AccountabilityCaseState, about: Party, verdict: Verdict | None, reason: str, context: Context
) -> Iterator[Event]:
    """What makes a verdict (none: a revoked one) true of a respondent upon whom the decision was served.

    What no longer stands is reversed, what is new is imposed with the limit to carry it out, the rest is left alone.
    """
    forms = verdict.forms if verdict is not None else ()
    yield from _reversed_sanctions(state, about, forms, reason)
    yield from _effect(state, about, verdict, reason, context)
    yield from _sanctions(state, about, verdict, context)


def _reversed_sanctions(
    state: AccountabilityCaseState, about: Party, forms: tuple[Coded, ...], reason: str
) -> Iterator[Event]:
    kept = {form.code for form in forms}
    for code, sanction in about.sanctions.items():
        if code not in kept:
            yield a.SanctionReversed(
                **_consequence(state, about, sanction.entry_key, "R4.22"),
                form=sanction.form,
                reason=reason,
                steps_taken=about.steps.get(code, ()),
            )


def _sanctions(
    state: AccountabilityCaseState, about: Party, verdict: Verdict | None, context: Context
) -> Iterator[Event]:
    if verdict is None:
        return
    rules = rules_of(state, context)
    since = about.served_on if not about.sanctions else context.today
    for form in verdict.forms:
        if form.code in about.sanctions:
            continue
        key = f"{context.own_id()}:{about.respondent.id}:{about.revision}:{form.code}"
        yield a.SanctionImposed(
            **_consequence(state, about, key, "R4.7"),
            form=form,
            period=_month(state, about, verdict, rules),
            head=about.respondent.head,
            readings=verdict.readings,
        )
        known = rules.form(form.code)
        assert known is not None
        yield begun(
            "correction" if known.execution == "self_criticism" else "execution",
            rules,
            state.rule_version,
            context,
            since=since,
            respondent_id=about.respondent.id,
            form=form.code,
        )


def _effect(
    state: AccountabilityCaseState, about: Party, verdict: Verdict | None, reason: str, context: Context
) -> Iterator[Event]:
    rules, standing = rules_of(state, context), about.effect
    effect, form = (None, None) if verdict is None else gravest(rules, about.respondent.kind, verdict)
    period = "" if verdict is None else _period(state, about, verdict, rules)
    if standing is not None and (standing.effect, standing.period) == (effect, period):
        return
    if standing is not None:
        yield a.EffectReversed(
            **_consequence(state, about, standing.entry_key, "R4.22"),
            effect=standing.effect,
            period=standing.period,
            reason=reason,
        )
    if effect is not None and form is not None:
        key = f"{context.own_id()}:{about.respondent.id}:{about.revision}:effect"
        yield a.EffectImposed(
            **_consequence(state, about, key, "R4.8"),
            effect=effect,
            form=form,
            period=period,
            readings={"R4.8.month": rules.effect_month},
        )


def gravest(rules: R4Rules, kind: str, verdict: Verdict) -> tuple[str | None, Coded | None]:
    """The gravest effect of a verdict's forms on a person's month or a unit's year, and the form that has it (R4.8)."""
    found = [(_effect_of(rules.form(form.code), kind), form) for form in verdict.forms]
    for effect in GRAVEST_FIRST:
        for each, form in found:
            if each == effect:
                return effect, form
    return None, None


def _effect_of(form: Form | None, kind: str) -> str | None:
    if form is None:
        return None
    return form.person_effect if kind == "person" else form.unit_effect


def _period(state: AccountabilityCaseState, about: Party, verdict: Verdict, rules: R4Rules) -> str:
    """The month that is affected, or for a unit its year."""
    month = _month(state, about, verdict, rules)
    return month if about.respondent.kind == "person" else month[:4]


def _month(state: AccountabilityCaseState, about: Party, verdict: Verdict, rules: R4Rules) -> str:
    """The month by the reading R4.8.month; that of the first decision and its service, also after a review."""
    assert state.decided_on is not None
    assert about.served_on is not None
    if rules.effect_month == "conduct" and verdict.conduct_month is not None:
        return verdict.conduct_month
    return month_of(state.decided_on if rules.effect_month == "decision" else about.served_on)


def _consequence(state: AccountabilityCaseState, about: Party, entry_key: str, clause: str) -> dict[str, Any]:
    return {
        "respondent_id": about.respondent.id,
        "entry_key": entry_key,
        "subject_kind": about.respondent.kind,
        "subject": about.respondent.subject,
        "subject_name": about.respondent.name,
        "clause": clause,
        "rule_version": state.rule_version,
    }
