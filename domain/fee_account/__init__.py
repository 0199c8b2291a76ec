"""The fee account of a unit (收费账户): charged by the price list, paid, reminded, never cut off (R13.4.1, R13.4.2)."""

from domain.fee_account import handlers
from domain.fee_account import messages as m
from domain.fee_account.state import FeeAccountState, deadlines, evolve
from domain.kernel import CommandSpec, Decider, Text, derived_id

__all__ = ["FEE_ACCOUNT", "FeeAccountState"]

FEE_ACCOUNT = Decider(
    noun="fee_account",
    plural="fee-accounts",
    title=Text(zh="收费账户", en="fee account"),
    state=FeeAccountState,
    statuses=("open",),
    commands=(
        CommandSpec(
            command=m.OpenFeeAccount,
            handler=handlers.open_account,
            permission="fee_account.open_fee_account",
            summary=Text(zh="建立收费账户", en="Begin a unit's account"),
            clause="R13.4.2.1",
            creates=True,
            stream_id=lambda _, command: derived_id(command.project_id, "fee_account", command.unit),
        ),
        CommandSpec(
            command=m.ChangeOwner,
            handler=handlers.change_owner,
            permission="fee_account.change_owner",
            summary=Text(zh="变更业主", en="Another owns the unit"),
            clause="R13.4.2.1",
        ),
        CommandSpec(
            command=m.ChargeFee,
            handler=handlers.charge,
            permission="fee_account.charge_fee",
            summary=Text(zh="计费", en="Charge a period"),
            clause="R13.4.2.1",
        ),
        CommandSpec(
            command=m.ReceiveFee,
            handler=handlers.receive,
            permission="fee_account.receive_fee",
            summary=Text(zh="收费", en="Book a payment"),
            clause="R13.4.2.7",
        ),
        CommandSpec(
            command=m.ReverseFeeEntry,
            handler=handlers.reverse,
            permission="fee_account.reverse_fee_entry",
            summary=Text(zh="冲销", en="Take an entry back"),
            clause="R13.4.2.7",
        ),
        CommandSpec(
            command=m.LapsePayment,
            handler=handlers.lapse,
            permission="fee_account.lapse_payment",
            summary=Text(zh="催缴", en="Remind of what is unpaid"),
            clause="R13.4.2.4",
            audience="internal",
        ),
    ),
    events=(
        m.FeeAccountOpened,
        m.OwnerChanged,
        m.FeeCharged,
        m.FeeReceived,
        m.FeeEntryReversed,
        m.FeeReminded,
    ),
    evolve=evolve,
    deadlines=deadlines,
    private=True,
)
