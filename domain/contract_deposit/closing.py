"""What the end of a contract does to the deposit: forfeiture, its restoration, and the leave to release (R14.5.1)."""

from domain.contract_deposit.commands import ForfeitDeposit, PermitRelease, RestoreForfeited
from domain.contract_deposit.demands import demand_for, demands_brought_down, demands_dropped
from domain.contract_deposit.events import (
    DepositRestored,
    ForfeitureReversed,
    ReleasePermitted,
    ShortfallCollected,
)
from domain.contract_deposit.evolve import book, evolve
from domain.contract_deposit.settling import forfeiture
from domain.contract_deposit.state import ContractDepositState
from domain.kernel import Context, Event
from domain.rules import r14

State = ContractDepositState


def forfeit(state: State, command: ForfeitDeposit, _: Context) -> tuple[Event, ...]:
    """Keep what remains. Demands rest meanwhile, for a restoration would wake them."""
    if state.status in {"forfeited", "released"}:
        return ()
    return (forfeiture(state, command.rule_version, after=f"contract.{len(state.entries) + 1}"),)


def restore(state: State, command: RestoreForfeited, context: Context) -> tuple[Event, ...]:
    """Undo the forfeiture, then take what could not be taken meanwhile."""
    if state.status != "forfeited":
        return ()
    events: list[Event] = []
    after = state
    for entry_id in state.forfeitures:
        effect_fen = -state.entry(entry_id).effect_fen
        reversal = ForfeitureReversed(
            entry_id=f"{entry_id}.reversed",
            effect_fen=effect_fen,
            balance_after_fen=after.balance_fen + effect_fen,
            clause="R14.5.1",
            rule_version=command.rule_version,
            reverses=entry_id,
        )
        after = book(after, events, reversal)
    after = book(after, events, DepositRestored(rule_version=command.rule_version))
    after = book(after, events, *demands_brought_down(after))
    for entry_id in state.shortfalls:
        after = book(after, events, *_collection(after, entry_id, context))
    return tuple(events)


def permit_release(state: State, _: PermitRelease, __: Context) -> tuple[Event, ...]:
    """Let finance release; nothing is demanded of the contractor any more."""
    if state.status not in {"awaiting", "held"}:
        return ()
    return (*demands_dropped(state), ReleasePermitted())


def _collection(state: State, entry_id: str, context: Context) -> tuple[Event, ...]:
    """Take what an entry left uncollected, as far as it is there; a penalty so taken is demanded back as ever."""
    owed = state.entry(entry_id)
    taken_fen = min(owed.uncollected_fen, state.balance_fen)
    collected = ShortfallCollected(
        entry_id=f"{entry_id}.collected",
        effect_fen=-taken_fen,
        balance_after_fen=state.balance_fen - taken_fen,
        uncollected_fen=-taken_fen,
        clause=owed.clause,
        rule_version=owed.rule_version,
        readings=owed.readings,
        month=owed.month,
        assessment_id=owed.assessment_id,
        revision=owed.revision,
        source_version=owed.source_version,
        collects=entry_id,
    )
    if owed.kind != "penalty" or owed.rule_version is None:
        return (collected,)
    after = evolve(state, collected)
    rules = r14.version(context, owed.rule_version).values
    return (collected, *demand_for(after, after.entries[-1], rules, context))
