"""Whom a case is about, who is near to them, and which other case's handlers it concerns (R4.6, R4.21, R4.23)."""

from collections.abc import Iterable

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.guards import bounded, official, party, rules_of, standing
from domain.accountability.state import UNDER_WAY, AccountabilityCaseState
from domain.accountability.words import RespondentDetails, RespondentRecord
from domain.kernel import Context, Event, Refusal
from domain.rules.r4 import R4Rules

MAX_RESPONDENTS = 50
MAX_INTERESTED = 2000
BEFORE_THE_RESOLUTION = ("reported", "verified", "proposed", "investigating", "investigated")


def recorded(
    respondents: Iterable[RespondentDetails],
    rules: R4Rules,
    context: Context,
    known: frozenset[tuple[str, str]] = frozenset(),
    field: str = "respondents[{place}]",
) -> tuple[RespondentRecord, ...]:
    """Respondents under new ids. Raises `Refusal` for one who is not fully named, or named before."""
    found: list[RespondentRecord] = []
    seen = set(known)
    for place, each in enumerate(respondents):
        where = field.format(place=place)
        _complete(each, rules, where)
        record = RespondentRecord(
            id=context.new_id(f"respondent:{place}"),
            kind=each.kind,
            name=each.name,
            person=each.person if each.kind == "person" else None,
            unit=each.unit if each.kind == "unit" else None,
            head=each.head if each.kind == "unit" else None,
            responsibility=each.responsibility,
        )
        if (record.kind, record.subject) in seen:
            raise _refused("respondent_named_already", "该问责对象已列出", "This respondent is named already.", where)
        seen.add((record.kind, record.subject))
        found.append(record)
    return tuple(found)


def name(state: AccountabilityCaseState, command: c.NameRespondent, context: Context) -> tuple[Event, ...]:
    """Name one more respondent, before the leading group has given its opinion."""
    person = official(state, context)
    standing(state, *BEFORE_THE_RESOLUTION)
    bounded(len(state.parties) + 1, MAX_RESPONDENTS, "问责对象", "respondents")
    known = frozenset((each.respondent.kind, each.respondent.subject) for each in state.parties.values())
    (record,) = recorded((command.respondent,), rules_of(state, context), context, known, "respondent")
    return (e.RespondentNamed(respondent=record, by=person),)


def record_relative(state: AccountabilityCaseState, command: c.RecordRelative, context: Context) -> tuple[Event, ...]:
    """Keep a relative of a respondent, or of the reporter, from acting (R4.21)."""
    person = official(state, context)
    if command.respondent_id is not None:
        party(state, command.respondent_id)
    if command.person in state.interested:
        raise Refusal(
            "interested_already",
            zh="该人员已不得办理本案",
            en="This person is kept from the case already.",
            clause="R4.21",
            kind="value",
            field="person",
        )
    bounded(len(state.interested) + 1, MAX_INTERESTED, "应回避人员", "interested persons")
    return (
        e.RelativeRecorded(
            person=command.person, respondent_id=command.respondent_id, relation=command.relation, by=person
        ),
    )


def link(state: AccountabilityCaseState, command: c.LinkHandledCase, context: Context) -> tuple[Event, ...]:
    """Say which case's handlers this one is about (R4.23)."""
    person = official(state, context)
    standing(state, *UNDER_WAY)
    if state.about_case is not None:
        raise Refusal(
            "linked_already",
            zh="已关联被反映的案件",
            en="The case at issue is named already.",
            clause="R4.23",
            details={"case_id": str(state.about_case)},
        )
    if command.case_id == context.own_id():
        raise Refusal(
            "same_case",
            zh="案件不能以自身为对象",
            en="A case can not be about itself.",
            clause="R4.23",
            kind="value",
            field="case_id",
        )
    return (e.HandledCaseLinked(case_id=command.case_id, by=person),)


def _complete(each: RespondentDetails, rules: R4Rules, where: str) -> None:
    """A person is known by his id, a unit by its code and its head; the responsibility is one that each can bear."""
    if each.kind == "person" and each.person is None:
        raise _refused(
            "person_missing", "须指明问责对象本人", "A person is named by the member's id.", f"{where}.person"
        )
    if each.kind == "unit" and each.unit is None:
        raise _refused("unit_missing", "须指明单位", "A unit is named by its code.", f"{where}.unit")
    if each.kind == "unit" and each.head is None:
        raise _refused("head_missing", "须指明单位负责人", "A unit answers through its head.", f"{where}.head")
    if each.responsibility is not None:
        known = rules.responsibility(each.responsibility)
        if known is None or known.bearer != each.kind:
            zh, en = "没有适用于该对象的这一责任", "No such responsibility can be borne by this respondent."
            raise _refused("responsibility_unknown", zh, en, f"{where}.responsibility")


def _refused(code: str, zh: str, en: str, field: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R4.6", kind="value", field=field)
