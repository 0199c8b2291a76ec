"""A fee period of a project (收费周期): opened, closed by a run over all its accounts (R13.4.2.1)."""

from domain.fee_period import handlers
from domain.fee_period import messages as m
from domain.fee_period.handlers import period_id
from domain.fee_period.state import FeePeriodState, evolve, reservations
from domain.kernel import CommandSpec, Decider, Text

__all__ = ["FEE_PERIOD", "FeePeriodState", "period_id"]

FEE_PERIOD = Decider(
    noun="fee_period",
    plural="fee-periods",
    title=Text(zh="收费周期", en="fee period"),
    state=FeePeriodState,
    statuses=("open", "closing", "closed"),
    commands=(
        CommandSpec(
            command=m.OpenFeePeriod,
            handler=handlers.open_period,
            permission="fee_period.open_fee_period",
            summary=Text(zh="开立收费周期", en="Open a period"),
            clause="R13.4.2.1",
            creates=True,
            stream_id=lambda _, command: period_id(command.project_id, command.first_month),
        ),
        CommandSpec(
            command=m.DecidePrice,
            handler=handlers.decide_price,
            permission="fee_period.decide_price",
            summary=Text(zh="周期内调价决定", en="Decide another price within the period"),
            clause="R13.4.2.6",
        ),
        CommandSpec(
            command=m.CloseFeePeriod,
            handler=handlers.close,
            permission="fee_period.close_fee_period",
            summary=Text(zh="期末结账", en="Close the period"),
            clause="R13.4.2.1",
        ),
        CommandSpec(
            command=m.CompleteClosing,
            handler=handlers.complete,
            permission="fee_period.complete_closing",
            summary=Text(zh="结账完成", en="Record what the closing came to"),
            clause="R13.4.2.1",
            audience="internal",
        ),
        CommandSpec(
            command=m.NumberNotices,
            handler=handlers.number,
            permission="fee_period.number_notices",
            summary=Text(zh="收费通知编号", en="Take the notices' numbers over"),
            clause="R13.4.2.1",
            audience="internal",
        ),
    ),
    events=(m.FeePeriodOpened, m.PriceDecided, m.ClosingBegun, m.FeePeriodClosed, m.NoticesNumbered),
    evolve=evolve,
    reservations=reservations,
)
