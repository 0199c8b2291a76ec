"""Where cases meet: one is merged into another (R4.14), and one is about how another was handled (R4.21, R4.23)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.guards import official, rules_of, standing
from domain.accountability.naming import MAX_INTERESTED, MAX_RESPONDENTS
from domain.accountability.state import EARLY, UNDER_WAY, AccountabilityCaseState
from domain.accountability.words import Interest, InterestedPerson, RespondentRecord
from domain.kernel import Context, Event, Refusal


def request(state: AccountabilityCaseState, command: c.RequestMerge, context: Context) -> tuple[Event, ...]:
    """Ask another case to take this one in; it has as many working days to answer as the rules give it."""
    person = official(state, context)
    standing(state, *EARLY)
    if command.into == context.own_id():
        raise Refusal(
            "same_case",
            zh="案件不能并入自身",
            en="A case can not be merged into itself.",
            clause="R4.14",
            kind="value",
            field="into",
        )
    last = context.calendar.add_working_days(context.today, rules_of(state, context).merge_answer_days)
    return (
        e.MergeRequested(
            into=command.into,
            reason=command.reason,
            answer_by=context.calendar.end_of_day(last),
            respondents=tuple(party.respondent for party in state.parties.values()),
            grounds=state.grounds,
            interested=tuple(InterestedPerson(person, why) for person, why in state.interested.items()),
            by=person,
        ),
    )


def offer(state: AccountabilityCaseState, command: c.OfferMerge, _: Context) -> tuple[Event, ...]:
    """Take another case in while this one is early enough and has room: whoever is named twice answers once."""
    if state.status not in EARLY:
        return (e.MergeDeclined(source_case=command.source_case, why=f"case_{state.status}"),)
    if state.merging_into is not None:
        return (e.MergeDeclined(source_case=command.source_case, why="merge_pending"),)
    new = tuple(_unknown(state, command.respondents))
    crowd = state.interested.keys() | {each.person for each in command.interested}
    if len(state.parties) + len(new) > MAX_RESPONDENTS or len(crowd) > MAX_INTERESTED:
        return (e.MergeDeclined(source_case=command.source_case, why="too_many"),)
    return (
        e.CaseAbsorbed(
            source_case=command.source_case, respondents=new, grounds=command.grounds, interested=command.interested
        ),
    )


def conclude(state: AccountabilityCaseState, command: c.ConcludeMerge, _: Context) -> tuple[Event, ...]:
    """What the other case answered; taken in, this one ends, whatever it waited for."""
    if command.accepted and state.status in UNDER_WAY:
        return (e.CaseMerged(into=command.into),)
    if state.merging_into != command.into:
        return ()
    return (e.MergeRefused(into=command.into, answered=True),)


def lapse(state: AccountabilityCaseState, _: c.LapseMerge, context: Context) -> tuple[Event, ...]:
    """No answer came, as from a case that does not exist; this one goes on."""
    if state.merging_into is None or state.merge_answer_by is None or context.now < state.merge_answer_by:
        return ()
    return (e.MergeRefused(into=state.merging_into, answered=False),)


def tell_handlers(state: AccountabilityCaseState, command: c.TellHandlers, _: Context) -> tuple[Event, ...]:
    """Tell a case about this one who has handled it; it will be told of those to come (R4.23)."""
    if command.case_id in state.told:
        return ()
    return (e.HandlersTold(case_id=command.case_id, handlers=state.handlers),)


def bar_handlers(state: AccountabilityCaseState, command: c.BarHandlers, _: Context) -> tuple[Event, ...]:
    """Who handled the case at issue does not handle this one."""
    return _barred(state, command.persons, "handler_of_the_case_at_issue", command.of_case)


def bar_accused(state: AccountabilityCaseState, command: c.BarAccused, _: Context) -> tuple[Event, ...]:
    """Who is to answer for the handling of this case does not handle it any more."""
    return _barred(state, command.persons, "accused_of_abuse_here", command.case_id)


def _barred(
    state: AccountabilityCaseState, persons: Iterable[UUID], interest: Interest, through: UUID
) -> tuple[Event, ...]:
    new = tuple(person for person in dict.fromkeys(persons) if person not in state.interested)
    return (e.PersonsBarred(persons=new, interest=interest, through_case=through),) if new else ()


def _unknown(state: AccountabilityCaseState, respondents: Iterable[RespondentRecord]) -> Iterator[RespondentRecord]:
    """Those who do not answer in this case already."""
    known = {(each.respondent.kind, each.respondent.subject) for each in state.parties.values()}
    for each in respondents:
        if (each.kind, each.subject) not in known:
            known.add((each.kind, each.subject))
            yield each
