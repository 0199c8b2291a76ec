"""The repair fund of a project (修缮基金): paid in by owners, spent on repairs alone, accounted for in public (R13)."""

from domain.kernel import CommandSpec, Decider, Text, derived_id
from domain.repair_fund import handlers
from domain.repair_fund import messages as m
from domain.repair_fund.state import RepairFundState, deadlines, evolve

__all__ = ["REPAIR_FUND", "RepairFundState"]

REPAIR_FUND = Decider(
    noun="repair_fund",
    plural="repair-funds",
    title=Text(zh="修缮基金", en="repair fund"),
    state=RepairFundState,
    statuses=("open",),
    commands=(
        CommandSpec(
            command=m.OpenFund,
            handler=handlers.open_fund,
            permission="repair_fund.open_fund",
            summary=Text(zh="设立修缮基金", en="Begin a project's repair fund"),
            clause="R13.4.2.8",
            creates=True,
            stream_id=lambda _, command: derived_id(command.project_id, "repair_fund"),
        ),
        CommandSpec(
            command=m.ReceiveContribution,
            handler=handlers.receive,
            permission="repair_fund.receive_contribution",
            summary=Text(zh="归集修缮费用", en="Book what was paid in"),
            clause="R13.4.1",
        ),
        CommandSpec(
            command=m.NoteCollected,
            handler=handlers.collect,
            permission="repair_fund.note_collected",
            summary=Text(zh="归集修缮分摊", en="Book what was paid of charges for repairs"),
            clause="R13.4.1",
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=m.SpendFund,
            handler=handlers.spend,
            permission="repair_fund.spend_fund",
            summary=Text(zh="支用修缮基金", en="Spend on a repair"),
            clause="R13.4.2.8",
        ),
        CommandSpec(
            command=m.ReverseBooking,
            handler=handlers.reverse,
            permission="repair_fund.reverse_booking",
            summary=Text(zh="冲销", en="Take a booking back"),
            clause="R13.4.2.8",
        ),
        CommandSpec(
            command=m.PublishStatement,
            handler=handlers.publish,
            permission="repair_fund.publish_statement",
            summary=Text(zh="公布收支", en="Publish income and expenditure"),
            clause="R13.4.3",
        ),
        CommandSpec(
            command=m.LapseStatement,
            handler=handlers.lapse,
            permission="repair_fund.lapse_statement",
            summary=Text(zh="公布逾期", en="Tell that a statement is not published"),
            clause="R13.4.3",
            audience="internal",
        ),
    ),
    events=(
        m.FundOpened,
        m.ContributionReceived,
        m.ContributionTakenBack,
        m.FundSpent,
        m.BookingReversed,
        m.FundStatementPublished,
        m.FundStatementOverdue,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
