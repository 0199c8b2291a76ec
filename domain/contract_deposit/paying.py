"""How payments into and out of the deposit are booked."""

from domain.contract_deposit.commands import (
    LapseTopUp,
    OpenDeposit,
    ReceiveDeposit,
    ReceiveTopUp,
    RefundExcess,
    ReleaseDeposit,
)
from domain.contract_deposit.demands import RUNNING
from domain.contract_deposit.events import (
    Allocation,
    DepositOpened,
    DepositReceived,
    DepositReleased,
    ExcessRefunded,
    TopUpOverdue,
    TopUpReceived,
)
from domain.contract_deposit.state import ContractDepositState
from domain.kernel import Context, Event, Refusal, Text

State = ContractDepositState

_CLOSED = {
    "releasable": Text(zh="合同已终结，保证金待退还", en="The contract has ended; the deposit is to be released."),
    "forfeited": Text(zh="保证金已没收", en="The deposit was forfeited."),
    "released": Text(zh="保证金已退还", en="The deposit was released."),
}


def open_deposit(_: None, command: OpenDeposit, __: Context) -> tuple[Event, ...]:
    """Open the account of a contract."""
    return (
        DepositOpened(
            project_id=command.project_id,
            contractor=command.contractor,
            agreed_fen=command.agreed_fen,
            contract_from=command.contract_from,
            contract_to=command.contract_to,
        ),
    )


def receive(state: State, command: ReceiveDeposit, _: Context) -> tuple[Event, ...]:
    """Book a payment up to the agreed amount."""
    _must_run(state)
    _unused(state, command.reference)
    _at_most(command.amount_fen, state.agreed_fen - state.received_fen, "more_than_owed")
    return (
        DepositReceived(
            entry_id=f"received.{len(state.entries) + 1}",
            effect_fen=command.amount_fen,
            balance_after_fen=state.balance_fen + command.amount_fen,
            reference=command.reference,
        ),
    )


def receive_top_up(state: State, command: ReceiveTopUp, _: Context) -> tuple[Event, ...]:
    """Book a payment on the demands, the oldest first."""
    _must_run(state)
    _unused(state, command.reference)
    _at_most(command.amount_fen, state.demanded_fen, "more_than_owed", "R14.5.1")
    allocation, left_fen = [], command.amount_fen
    for demand in state.demands:
        part_fen = min(left_fen, demand.remaining_fen)
        if part_fen:
            allocation.append(Allocation(demand.demand_id, part_fen))
        left_fen -= part_fen
    return (
        TopUpReceived(
            entry_id=f"top_up.{len(state.entries) + 1}",
            effect_fen=command.amount_fen,
            balance_after_fen=state.balance_fen + command.amount_fen,
            clause="R14.5.1",
            rule_version=state.demands[0].rule_version,
            reference=command.reference,
            allocation=tuple(allocation),
        ),
    )


def lapse_top_up(state: State, command: LapseTopUp, context: Context) -> tuple[Event, ...]:
    """Mark a demand late once its time has passed; nothing when it is no longer owed."""
    demand = next((each for each in state.demands if each.demand_id == command.demand_id), None)
    if state.status not in RUNNING or demand is None or demand.overdue:
        return ()
    if context.now < demand.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R14.5.1")
    return (
        TopUpOverdue(
            demand_id=demand.demand_id,
            month=demand.month,
            remaining_fen=demand.remaining_fen,
            due_on=demand.due_on,
            rule_version=demand.rule_version,
        ),
    )


def refund_excess(state: State, command: RefundExcess, _: Context) -> tuple[Event, ...]:
    """Pay back part or all of what is held beyond the agreed amount."""
    if state.status != "releasable":
        _must_run(state)
    _unused(state, command.reference)
    _at_most(command.amount_fen, state.refundable_fen, "more_than_refundable", "R14.5.1")
    return (
        ExcessRefunded(
            entry_id=f"refund.{len(state.entries) + 1}",
            effect_fen=-command.amount_fen,
            balance_after_fen=state.balance_fen - command.amount_fen,
            payout_fen=command.amount_fen,
            reference=command.reference,
        ),
    )


def release(state: State, command: ReleaseDeposit, _: Context) -> tuple[Event, ...]:
    """Pay the whole balance back once the contract has ended."""
    if state.status in RUNNING:
        raise Refusal("release_not_permitted", zh="合同尚未终结，不得退还", en="The contract has not ended.")
    if state.status != "releasable":
        _must_run(state)
    _unused(state, command.reference)
    return (
        DepositReleased(
            entry_id=f"release.{len(state.entries) + 1}",
            effect_fen=-state.balance_fen,
            balance_after_fen=0,
            payout_fen=state.balance_fen,
            reference=command.reference,
        ),
    )


def _must_run(state: State) -> None:
    closed = _CLOSED.get(state.status)
    if closed is not None:
        raise Refusal(f"deposit_{state.status}", zh=closed.zh, en=closed.en)


def _unused(state: State, reference: str) -> None:
    if reference in state.references:
        raise Refusal(
            "reference_used",
            zh="该凭证号已入账",
            en="This reference is booked already.",
            kind="value",
            field="reference",
        )


def _at_most(amount_fen: int, limit_fen: int, code: str, clause: str | None = None) -> None:
    if amount_fen > limit_fen:
        raise Refusal(
            code,
            zh=f"金额超过可入账的{limit_fen}分",
            en=f"At most {limit_fen} fen can be booked.",
            clause=clause,
            kind="value",
            field="amount_fen",
            details={"limit_fen": limit_fen},
        )
