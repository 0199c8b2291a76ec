"""Recusal: declared by oneself, requested by anybody, ordered by the leading group (R4.21)."""

from uuid import UUID

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.guards import INTERESTS, bounded, member, official
from domain.accountability.state import FINAL, AccountabilityCaseState
from domain.kernel import Context, Event, Refusal

MAX_REQUESTS = 100


def declare(state: AccountabilityCaseState, command: c.DeclareRecusal, context: Context) -> tuple[Event, ...]:
    """Withdraw oneself."""
    person = member(context)
    _possible(state, person)
    return (e.PersonRecused(person=person, how="declared", ground=command.ground, reason=command.reason, by=person),)


def request(state: AccountabilityCaseState, command: c.RequestRecusal, context: Context) -> tuple[Event, ...]:
    """Ask that another person withdraw; respondents and reporters may."""
    person = member(context)
    _possible(state, command.person, "person")
    if any(one.person == command.person for one in state.recusal_requests.values()):
        raise Refusal(
            "recusal_asked_already",
            zh="对该人员的回避申请尚未决定",
            en="A request about this person is pending.",
            clause="R4.21",
        )
    bounded(len(state.recusal_requests) + 1, MAX_REQUESTS, "待决定的回避申请", "pending requests for recusal")
    return (
        e.RecusalRequested(
            request_id=context.new_id("recusal"),
            person=command.person,
            ground=command.ground,
            reason=command.reason,
            by=person,
        ),
    )


def decide(state: AccountabilityCaseState, command: c.DecideRecusal, context: Context) -> tuple[Event, ...]:
    """Grant or decline a request; never by whom it concerns."""
    person = official(state, context)
    asked = state.recusal_requests.get(command.request_id)
    if asked is None:
        raise Refusal(
            "recusal_not_asked",
            zh="没有这一待决定的回避申请",
            en="There is no such pending request.",
            clause="R4.21",
            kind="value",
            field="request_id",
        )
    if person == asked.person:
        raise Refusal(
            "own_recusal",
            zh="不得决定本人的回避",
            en="Nobody decides on his own recusal.",
            clause="R4.21",
            kind="forbidden",
        )
    if not command.granted:
        declined = e.RecusalDeclined(
            request_id=command.request_id, person=asked.person, reason=command.reason, by=person
        )
        return (declined,)
    return (
        e.PersonRecused(
            person=asked.person,
            how="requested",
            ground=asked.ground,
            reason=command.reason,
            request_id=command.request_id,
            by=person,
        ),
    )


def order(state: AccountabilityCaseState, command: c.OrderRecusal, context: Context) -> tuple[Event, ...]:
    """Order a person to withdraw."""
    person = official(state, context)
    _possible(state, command.person, "person")
    if person == command.person:
        raise Refusal(
            "declare_instead",
            zh="本人回避应自行声明",
            en="Who withdraws himself declares it.",
            clause="R4.21",
            kind="value",
            field="person",
        )
    ordered = e.PersonRecused(
        person=command.person, how="ordered", ground=command.ground, reason=command.reason, by=person
    )
    return (ordered,)


def _possible(state: AccountabilityCaseState, person: UUID, field: str | None = None) -> None:
    """The case still lives, and the person may act on it so far."""
    if state.status in FINAL:
        raise Refusal("case_over", zh="案件已结束", en="The case has come to its end.", clause="R4.21")
    interest = state.interested.get(person)
    if interest is not None:
        why = INTERESTS[interest]
        raise Refusal(
            "interested_already",
            zh=f"该人员已不得办理本案：{why.zh}",
            en=f"This person is kept from the case already: he {why.en}.",
            clause="R4.21",
            kind="state" if field is None else "value",
            field=field,
            details={"interest": interest},
        )
