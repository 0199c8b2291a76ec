"""What several steps of a receipt ask: who acts, where it stands, which rules it began under, when it is due."""

from datetime import datetime
from uuid import UUID

from domain.goods_receipt.state import GoodsReceiptState, Owed
from domain.kernel import Context, Refusal
from domain.rules.r15 import R15Rules, version

CLAUSE = "R15.5.2"


def must_be(state: GoodsReceiptState, *statuses: str) -> None:
    """The receipt is in one of these statuses."""
    if state.status not in statuses:
        raise Refusal(
            "wrong_status",
            zh="验收单当前状态不能这样办理",
            en="This can not be done as the delivery stands.",
            clause=CLAUSE,
            details={"status": state.status, "needed": sorted(statuses)},
        )


def must_owe(state: GoodsReceiptState, step: str) -> Owed:
    """The step is the one that is owed."""
    if state.owed is None or state.owed.step != step:
        raise Refusal(
            "not_owed",
            zh="当前不需办理这一步",
            en="This step is not owed now.",
            clause=CLAUSE,
            details={"step": step},
        )
    return state.owed


def rules_of(state: GoodsReceiptState, context: Context) -> R15Rules:
    """The values that the delivery began under."""
    return version(context, state.delivery.rule_version).values


def within(context: Context, working_days: int) -> datetime:
    """The end of the day so many working days from today."""
    return context.calendar.end_of_day(context.calendar.add_working_days(context.today, working_days))


def in_time(owed: Owed, context: Context) -> bool:
    """Whether a step is done before anybody was told that it is late."""
    return not owed.late and (owed.due_by is None or context.now < owed.due_by)


def person_of(context: Context) -> UUID:
    """The known person who acts."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
