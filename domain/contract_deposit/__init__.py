"""The contract deposit (履约保证金): an account whose every entry says what it rests on."""

from domain.contract_deposit import closing, events, paying, settling
from domain.contract_deposit import commands as c
from domain.contract_deposit.evolve import evolve
from domain.contract_deposit.state import ContractDepositState, Entry, deadlines
from domain.kernel import CommandSpec, Decider, Text, derived_id

__all__ = ["CONTRACT_DEPOSIT", "ContractDepositState", "Entry"]

CONTRACT_DEPOSIT = Decider(
    noun="contract_deposit",
    plural="contract-deposits",
    title=Text(zh="履约保证金", en="contract deposit"),
    state=ContractDepositState,
    statuses=("awaiting", "held", "releasable", "released", "forfeited"),
    commands=(
        CommandSpec(
            command=c.OpenDeposit,
            handler=paying.open_deposit,
            permission="contract_deposit.open_deposit",
            summary=Text(zh="建立保证金账户", en="Open the account"),
            creates=True,
            audience="internal",
            stream_id=lambda _, command: derived_id(command.project_id, "deposit"),
        ),
        CommandSpec(
            command=c.ReceiveDeposit,
            handler=paying.receive,
            permission="contract_deposit.receive_deposit",
            summary=Text(zh="收取保证金", en="Receive a payment of the deposit"),
        ),
        CommandSpec(
            command=c.SettleMonth,
            handler=settling.settle,
            permission="contract_deposit.settle_month",
            summary=Text(zh="月度结算", en="Settle a month"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.ReceiveTopUp,
            handler=paying.receive_top_up,
            permission="contract_deposit.receive_top_up",
            summary=Text(zh="收取补足款", en="Receive a top-up"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.LapseTopUp,
            handler=paying.lapse_top_up,
            permission="contract_deposit.lapse_top_up",
            summary=Text(zh="补足逾期", en="Note that a top-up is overdue"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.RefundExcess,
            handler=paying.refund_excess,
            permission="contract_deposit.refund_excess",
            summary=Text(zh="退还超额部分", en="Refund what exceeds the agreed amount"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.ForfeitDeposit,
            handler=closing.forfeit,
            permission="contract_deposit.forfeit_deposit",
            summary=Text(zh="没收剩余保证金", en="Forfeit what remains"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.RestoreForfeited,
            handler=closing.restore,
            permission="contract_deposit.restore_forfeited",
            summary=Text(zh="返还没收款", en="Restore what was forfeited"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.PermitRelease,
            handler=closing.permit_release,
            permission="contract_deposit.permit_release",
            summary=Text(zh="准予退还", en="Permit the release"),
            audience="internal",
        ),
        CommandSpec(
            command=c.ReleaseDeposit,
            handler=paying.release,
            permission="contract_deposit.release_deposit",
            summary=Text(zh="退还保证金", en="Release the deposit"),
        ),
    ),
    events=(
        events.DepositOpened,
        events.DepositReceived,
        events.MonthSettled,
        events.PenaltyImposed,
        events.PenaltyReversed,
        events.RewardGranted,
        events.RewardReversed,
        events.ShortfallCollected,
        events.TopUpDemanded,
        events.TopUpReduced,
        events.TopUpWithdrawn,
        events.TopUpReceived,
        events.TopUpOverdue,
        events.ExcessRefunded,
        events.DepositForfeited,
        events.ForfeitureReversed,
        events.DepositRestored,
        events.ReleasePermitted,
        events.DepositReleased,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
