"""What the decisions on an account share: refusals, the next entry's number, what a payment or charge settles."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from domain.fee_account import events as e
from domain.fee_account.evolve import evolve
from domain.fee_account.parts import NextReminder, Settled
from domain.fee_account.state import FeeAccountState, coverage
from domain.kernel import Context, Refusal
from domain.money import MAX_AMOUNT_FEN
from domain.rules.r13 import Price, R13Rules

MAX_ENTRIES = 5_000
MOST_QUANTITY = 1_000_000
MOST_MONTHS = 12
DECIMALS = -3
AREA_DECIMALS = -2

M = TypeVar("M", e.FeeCharged, e.PeriodCharged, e.FeeReceived, e.FeeEntryReversed, e.FeeReminded)


def settled(state: FeeAccountState, draft: M) -> M:
    """The event with what it settles: after it, the payments that stand pay what is due first (R13.4.2.7)."""
    after = evolve(state, draft)
    covered = coverage(after.entries)
    changes = tuple(
        Settled(charge=number, amount_fen=covered.get(number, 0) - entry.paid_fen)
        for number, entry in after.entries.items()
        if entry.charge and covered.get(number, 0) != entry.paid_fen
    )
    complete = replace(draft, settles=changes)
    return replace(complete, credit_after_fen=evolve(state, complete).credit_fen)


def value(code: str, zh: str, en: str, field: str, clause: str = "R13.4.2.1") -> Refusal:
    """A refusal of one value of a command."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field)


def next_number(state: FeeAccountState, count: int = 1) -> int:
    """The number of the next entry, of ``count`` that are to come."""
    number = len(state.entries) + 1
    if number + count - 1 > MAX_ENTRIES:
        raise Refusal("too_many", zh=f"最多{MAX_ENTRIES}笔", en=f"At most {MAX_ENTRIES} entries.")
    return number


def person(context: Context) -> UUID:
    """Who acts."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def priced(prices: Iterable[Price], item: str) -> Price:
    """The line of the price list for an item (R13.4.2.6)."""
    price = next((one for one in prices if one.code == item), None)
    if price is None:
        raise value("not_on_the_list", "价目表中没有该项目", "The price list has no such item.", "item", "R13.4.2.6")
    return price


def amount_of(quantity: Decimal, price_fen: int) -> int:
    """What a quantity costs, in fen, rounded half up."""
    return int((quantity * price_fen).quantize(Decimal(1), ROUND_HALF_UP))


def bounded(state: FeeAccountState, amount_fen: int) -> int:
    """The balance once an amount is charged; refused where there is nothing to charge, or too much."""
    balance_fen = state.balance_fen + amount_fen
    if amount_fen == 0 or balance_fen > MAX_AMOUNT_FEN:
        raise value("amount_out_of_bounds", "金额不当", "The amount is nothing or too large.", "quantity")
    return balance_fen


def must_be_a_quantity(quantity: Decimal) -> None:
    """More than nothing, at most a million, at most three decimals."""
    exponent = quantity.as_tuple().exponent
    if not quantity.is_finite() or not 0 < quantity <= MOST_QUANTITY or int(exponent) < DECIMALS:
        raise value(
            "quantity_out_of_bounds",
            "数量须大于零、不超过一百万且最多三位小数",
            "A quantity is above zero, at most a million, with at most three decimals.",
            "quantity",
        )


def must_be_an_area(area_m2: Decimal) -> None:
    """More than no square metres, at most a million, at most two decimals."""
    exponent = area_m2.as_tuple().exponent
    if not area_m2.is_finite() or not 0 < area_m2 <= MOST_QUANTITY or int(exponent) < AREA_DECIMALS:
        raise value(
            "area_out_of_bounds",
            "面积须大于零、不超过一百万平方米且最多两位小数",
            "An area is above zero, at most a million square metres, with at most two decimals.",
            "area_m2",
        )


def must_be_uncharged(state: FeeAccountState, item: str, first_month: str, last_month: str, field: str) -> None:
    """Nothing is charged twice: not the same item for a month that a standing charge covers."""
    for number, entry in state.entries.items():
        if entry.covers(item, first_month, last_month):
            raise Refusal(
                "charged_already",
                zh="该项目该期已计费",
                en="This item was charged for this period.",
                clause="R13.4.2.1",
                kind="value",
                field=field,
                details={"charge": number},
            )


def reminder(level: int, after: datetime, rules: R13Rules, context: Context) -> NextReminder | None:
    """The reminder of a level, so many days after an instant; none above the highest (R13.4.2.4)."""
    if level > len(rules.reminders):
        return None
    step = rules.reminders[level - 1]
    day = context.calendar.local_date(after) + timedelta(days=step.after_days)
    return NextReminder(level=level, how=step.how, due_at=context.calendar.at(day, time.min))


def begin_of(context: Context, day: date) -> datetime:
    """The tenant's first instant of a day."""
    return context.calendar.at(day, time.min)
