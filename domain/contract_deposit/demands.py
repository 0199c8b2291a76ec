"""Top-ups: what a penalty took is demanded back where the rules say so, and never more than is short."""

from domain.contract_deposit.events import TopUpDemanded, TopUpReduced, TopUpWithdrawn
from domain.contract_deposit.state import ContractDepositState, Demand, Entry
from domain.kernel import Context, Event
from domain.rules.r14 import R14Rules

RUNNING = frozenset({"awaiting", "held"})
"""The statuses in which payments are still expected of the contractor."""


def demand_for(state: ContractDepositState, penalty: Entry, rules: R14Rules, context: Context) -> tuple[Event, ...]:
    """The demand that follows a penalty just booked; none when rewards have kept the deposit whole."""
    if rules.top_up != "within_days" or state.status not in RUNNING:
        return ()
    amount_fen = min(-penalty.effect_fen, state.shortage_fen - state.demanded_fen)
    if amount_fen <= 0 or penalty.month is None or penalty.rule_version is None:
        return ()
    due_on = context.calendar.add_days(context.today, rules.top_up_days)
    return (
        TopUpDemanded(
            demand_id=penalty.entry_id,
            month=penalty.month,
            amount_fen=amount_fen,
            due_on=due_on,
            due_at=context.calendar.end_of_day(due_on),
            readings={"R14.5.1.top_up": rules.top_up},
            rule_version=penalty.rule_version,
        ),
    )


def demands_brought_down(state: ContractDepositState) -> tuple[Event, ...]:
    """Reduce the demands to what is short: first those whose penalty no longer stands, then the latest."""
    if state.status not in RUNNING:
        return ()
    standing = {entry_id for month in state.months.values() for entry_id in month.standing}
    too_much_fen = state.demanded_fen - state.shortage_fen
    events: list[Event] = []
    latest_first = state.demands[::-1]
    for demand in sorted(latest_first, key=lambda each: each.demand_id in standing):
        if too_much_fen <= 0:
            break
        by_fen = min(too_much_fen, demand.remaining_fen)
        too_much_fen -= by_fen
        events.append(_less(demand, by_fen))
    return tuple(events)


def demands_dropped(state: ContractDepositState) -> tuple[Event, ...]:
    """Withdraw every demand: the contract has ended."""
    return tuple(_less(demand, demand.remaining_fen) for demand in state.demands)


def _less(demand: Demand, by_fen: int) -> Event:
    remaining_fen = demand.remaining_fen - by_fen
    if remaining_fen == 0:
        return TopUpWithdrawn(demand_id=demand.demand_id, by_fen=by_fen, rule_version=demand.rule_version)
    return TopUpReduced(
        demand_id=demand.demand_id, by_fen=by_fen, remaining_fen=remaining_fen, rule_version=demand.rule_version
    )
