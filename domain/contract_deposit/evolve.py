"""Folding a deposit's events into its state."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import asdict, replace

from domain.contract_deposit import events as e
from domain.contract_deposit.state import ContractDepositState, Demand, Entry, EntryKind, SettledMonth
from domain.kernel import Event

_State = ContractDepositState

_KINDS: dict[type[e.Posting], EntryKind] = {
    e.DepositReceived: "received",
    e.PenaltyImposed: "penalty",
    e.PenaltyReversed: "penalty_reversed",
    e.RewardGranted: "reward",
    e.RewardReversed: "reward_reversed",
    e.ShortfallCollected: "shortfall_collected",
    e.TopUpReceived: "top_up",
    e.ExcessRefunded: "refund",
    e.DepositForfeited: "forfeiture",
    e.ForfeitureReversed: "forfeiture_reversed",
    e.DepositReleased: "release",
}


def evolve(state: ContractDepositState | None, event: Event) -> ContractDepositState:
    """Fold one event into the deposit."""
    if isinstance(event, e.DepositOpened):
        return ContractDepositState(status="awaiting", **asdict(event))
    if state is None:
        raise TypeError(f"a deposit does not begin with {type(event).__name__}")
    if isinstance(event, e.Posting):
        posted = _posted(state, event)
        follow = _AFTER_POSTING.get(type(event))
        return posted if follow is None else follow(posted, event)
    fold = _FOLDS.get(type(event))
    if fold is None:
        raise TypeError(f"a deposit knows no {type(event).__name__}")
    return fold(state, event)


def book(state: ContractDepositState, events: list[Event], *new: Event) -> ContractDepositState:
    """Add to a decision's events and see what they make of the state, for the entry that comes next."""
    for event in new:
        events.append(event)
        state = evolve(state, event)
    return state


def _posted(state: _State, event: e.Posting) -> _State:
    """What every entry does: join the account, move the balance, use up its reference."""
    fields = {name: getattr(event, name) for name in e.Posting.__struct_fields__}
    references = state.references if event.reference is None else (*state.references, event.reference)
    return replace(
        state,
        entries=(*state.entries, Entry(kind=_KINDS[type(event)], **fields)),
        balance_fen=state.balance_fen + event.effect_fen,
        uncollected_fen=state.uncollected_fen + event.uncollected_fen,
        references=references,
        shortfalls=_shortfalls(state, event),
    )


def _shortfalls(state: _State, event: e.Posting) -> tuple[str, ...]:
    settled = {event.reverses, event.collects}
    left = tuple(entry_id for entry_id in state.shortfalls if entry_id not in settled)
    if state.status == "forfeited" and event.uncollected_fen > 0:
        return (*left, event.entry_id)
    return left


def _received(state: _State, event: e.DepositReceived) -> _State:
    received = state.received_fen + event.effect_fen
    return replace(state, received_fen=received, status=_running(received, state.agreed_fen))


def _running(received_fen: int, agreed_fen: int) -> str:
    return "held" if received_fen >= agreed_fen else "awaiting"


def _stands(state: _State, event: e.PenaltyImposed | e.RewardGranted) -> _State:
    credited = event.effect_fen if isinstance(event, e.RewardGranted) else 0
    return replace(_standing(state, event.month, add=event.entry_id), credited_fen=state.credited_fen + credited)


def _falls(state: _State, event: e.PenaltyReversed | e.RewardReversed) -> _State:
    credited = event.effect_fen if isinstance(event, e.RewardReversed) else 0
    return replace(_standing(state, event.month, remove=event.reverses), credited_fen=state.credited_fen + credited)


def _collected(state: _State, event: e.ShortfallCollected) -> _State:
    """A collected penalty stands for its month together with the penalty, and falls with it."""
    month = state.months.get(event.month or "")
    if month is None or event.collects not in month.standing:
        return replace(state, credited_fen=state.credited_fen + event.effect_fen)
    return _standing(state, event.month, add=event.entry_id)


def _standing(state: _State, month: str | None, *, add: str | None = None, remove: str | None = None) -> _State:
    if month is None:
        raise TypeError("an entry that stands for a month names it")
    settled = state.months[month]
    kept = tuple(entry_id for entry_id in settled.standing if entry_id != remove)
    standing = kept if add is None else (*kept, add)
    return replace(state, months={**state.months, month: replace(settled, standing=standing)})


def _settled(state: _State, event: e.MonthSettled) -> _State:
    standing = state.months[event.month].standing if event.month in state.months else ()
    settled = SettledMonth(month=event.month, revision=event.revision, band=event.band, standing=standing)
    return replace(state, months={**state.months, event.month: settled})


def _demanded(state: _State, event: e.TopUpDemanded) -> _State:
    demand = Demand(
        demand_id=event.demand_id,
        month=event.month,
        remaining_fen=event.amount_fen,
        due_on=event.due_on,
        due_at=event.due_at,
        rule_version=event.rule_version,
    )
    return replace(state, demands=(*state.demands, demand))


def _topped_up(state: _State, event: e.TopUpReceived) -> _State:
    for part in event.allocation:
        state = _less(state, part.demand_id, part.amount_fen)
    return state


def _reduced(state: _State, event: e.TopUpReduced | e.TopUpWithdrawn) -> _State:
    return _less(state, event.demand_id, event.by_fen)


def _less(state: _State, demand_id: str, by_fen: int) -> _State:
    changed = (
        replace(demand, remaining_fen=demand.remaining_fen - by_fen) if demand.demand_id == demand_id else demand
        for demand in state.demands
    )
    return replace(state, demands=tuple(demand for demand in changed if demand.remaining_fen > 0))


def _overdue(state: _State, event: e.TopUpOverdue) -> _State:
    marked = (
        replace(demand, overdue=True) if demand.demand_id == event.demand_id else demand for demand in state.demands
    )
    return replace(state, demands=tuple(marked))


def _forfeited(state: _State, event: e.DepositForfeited) -> _State:
    return replace(state, status="forfeited", forfeitures=(*state.forfeitures, event.entry_id))


def _unforfeited(state: _State, event: e.ForfeitureReversed) -> _State:
    return replace(state, forfeitures=tuple(each for each in state.forfeitures if each != event.reverses))


def _restored(state: _State, _: e.DepositRestored) -> _State:
    return replace(state, status=_running(state.received_fen, state.agreed_fen))


def _permitted(state: _State, _: e.ReleasePermitted) -> _State:
    return replace(state, status="releasable")


def _released(state: _State, _: e.DepositReleased) -> _State:
    return replace(state, status="released")


_AFTER_POSTING: dict[type[Event], Callable[[_State, Any], _State]] = {
    e.DepositReceived: _received,
    e.PenaltyImposed: _stands,
    e.RewardGranted: _stands,
    e.PenaltyReversed: _falls,
    e.RewardReversed: _falls,
    e.ShortfallCollected: _collected,
    e.TopUpReceived: _topped_up,
    e.DepositForfeited: _forfeited,
    e.ForfeitureReversed: _unforfeited,
    e.DepositReleased: _released,
}

_FOLDS: dict[type[Event], Callable[[_State, Any], _State]] = {
    e.MonthSettled: _settled,
    e.TopUpDemanded: _demanded,
    e.TopUpReduced: _reduced,
    e.TopUpWithdrawn: _reduced,
    e.TopUpOverdue: _overdue,
    e.DepositRestored: _restored,
    e.ReleasePermitted: _permitted,
}
