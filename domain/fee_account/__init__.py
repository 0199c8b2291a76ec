"""The fee account of a unit (收费账户): charged by the price list, paid, reminded, never cut off (R13.4.1, R13.4.2)."""

from domain.fee_account import charging, metering, paying, period, units
from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.evolve import evolve
from domain.fee_account.state import FeeAccountState, deadlines, reservations
from domain.fee_account.units import account_id
from domain.kernel import CommandSpec, Decider, Text, command_name

__all__ = ["FEE_ACCOUNT", "FeeAccountState", "account_id"]

_MEMBERS = (
    (c.ChangeOwner, units.change_owner, "R13.4.2.1", Text(zh="变更业主", en="Another owns the unit")),
    (c.ReviseArea, units.revise_area, "R13.4.2.1", Text(zh="变更面积", en="The unit has another area")),
    (c.SetStandingItem, units.set_item, "R13.4.2.1", Text(zh="设定常规收费", en="Charge an item regularly")),
    (c.EndStandingItem, units.end_item, "R13.4.2.1", Text(zh="终止常规收费", en="Charge an item no longer")),
    (c.ChargeFee, charging.charge, "R13.4.2.1", Text(zh="计费", en="Charge a period for one item")),
    (c.ChargeService, charging.charge_service, "R13.4.2.6", Text(zh="特约服务计费", en="Charge a service or repair")),
    (c.ReceiveFee, paying.receive, "R13.4.2.7", Text(zh="收费", en="Book a payment")),
    (c.BookBankPayment, paying.book_bank_payment, "R13.4.2.7", Text(zh="银行到账入账", en="Book a row of the bank")),
    (c.RecordReading, metering.record, "R13.4.1", Text(zh="登记抄表", en="Record a meter's reading")),
    (c.ReverseFeeEntry, paying.reverse, "R13.4.2.7", Text(zh="冲销", en="Take an entry back")),
)

FEE_ACCOUNT = Decider(
    noun="fee_account",
    plural="fee-accounts",
    title=Text(zh="收费账户", en="fee account"),
    state=FeeAccountState,
    statuses=("open",),
    commands=(
        CommandSpec(
            command=c.OpenFeeAccount,
            handler=units.open_account,
            permission="fee_account.open_fee_account",
            summary=Text(zh="建立收费账户", en="Begin a unit's account"),
            clause="R13.4.2.1",
            creates=True,
            stream_id=lambda _, command: account_id(command.project_id, command.building, command.unit),
        ),
        *(
            CommandSpec(
                command=command,
                handler=handler,
                permission=f"fee_account.{command_name(command)}",
                summary=summary,
                clause=clause,
            )
            for command, handler, clause, summary in _MEMBERS
        ),
        CommandSpec(
            command=c.ChargePeriod,
            handler=period.charge_period,
            permission="fee_account.charge_period",
            summary=Text(zh="期末计费", en="Charge a period's standing items"),
            clause="R13.4.2.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.LapsePayment,
            handler=paying.lapse,
            permission="fee_account.lapse_payment",
            summary=Text(zh="催缴", en="Remind of what is unpaid"),
            clause="R13.4.2.4",
            audience="internal",
        ),
    ),
    events=(
        e.FeeAccountOpened,
        e.OwnerChanged,
        e.AreaRevised,
        e.StandingItemSet,
        e.StandingItemEnded,
        e.FeeCharged,
        e.PeriodCharged,
        e.FeeReceived,
        e.ReadingRecorded,
        e.FeeEntryReversed,
        e.FeeReminded,
    ),
    evolve=evolve,
    deadlines=deadlines,
    reservations=reservations,
    private=True,
)
