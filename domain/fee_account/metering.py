"""How a meter's readings become what a month is charged: never less than before, unless the meter was replaced."""

from decimal import Decimal

from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.guards import DECIMALS, person, value
from domain.fee_account.parts import MeterReading
from domain.fee_account.state import FeeAccountState
from domain.kernel import Context, Event, Refusal
from domain.periods import month_of
from domain.rules.r13 import in_force

CLAUSE = "R13.4.1"
MOST_SHOWN = 10_000_000
MAX_READINGS = 1_200
WHOLE = 100


def record(state: FeeAccountState, command: c.RecordReading, context: Context) -> tuple[Event, ...]:
    """Record what a metered item's meter shows at the end of a month."""
    who, found = person(context), in_force(context, context.today)
    if not any(term.basis == "metered" for term in state.standing.get(command.item, ())):
        raise value("not_metered", "该项目不按抄表计费", "The item is not charged by a meter.", "item", CLAUSE)
    if command.month > month_of(context.today):
        raise value("month_in_future", "该月尚未开始", "The month is yet to begin.", "month", CLAUSE)
    _must_be_shown(command.value, "value")
    known = [one for one in state.readings.get(command.item, ()) if one.meter == command.meter]
    same = next((one for one in known if one.month == command.month), None)
    if same is not None and same.value == command.value and command.replaced is None:
        return ()
    previous = _before(known, command.month)
    _must_come_last(state, command, known)
    if len(state.readings.get(command.item, ())) >= MAX_READINGS:
        raise Refusal("too_many", zh=f"最多{MAX_READINGS}次抄表", en=f"At most {MAX_READINGS} readings.")
    used = _used(command, previous)
    return (
        e.ReadingRecorded(
            item=command.item,
            meter=command.meter,
            month=command.month,
            value=command.value,
            used=used,
            previous=None if previous is None else previous.value,
            replaced=command.replaced,
            corrects=None if same is None else same.value,
            doubtful=is_doubtful(used, previous, found.values.reading_jump_percent),
            read_by=who,
            rule_version=found.version,
        ),
    )


def is_doubtful(used: Decimal, previous: MeterReading | None, percent: int) -> bool:
    """Whether a use is above so many per cent of the use before; nothing is known of a meter's first use."""
    if previous is None or previous.began or previous.used == 0:
        return False
    return used * WHOLE > previous.used * percent


def _used(command: c.RecordReading, previous: MeterReading | None) -> Decimal:
    replaced = command.replaced
    if replaced is not None:
        _must_be_shown(replaced.old_last, "replaced")
        _must_be_shown(replaced.new_first, "replaced")
        if previous is None:
            raise value("nothing_to_replace", "该表尚无读数，无从更换", "The meter was never read.", "replaced", CLAUSE)
        if replaced.old_last < previous.value or command.value < replaced.new_first:
            raise _lower(previous)
        return replaced.old_last - previous.value + command.value - replaced.new_first
    if previous is None:
        return Decimal(0)
    if command.value < previous.value:
        raise _lower(previous)
    return command.value - previous.value


def _lower(previous: MeterReading) -> Refusal:
    return Refusal(
        "lower_than_before",
        zh="读数小于上次读数；如已换表，请登记换表读数",
        en="The meter shows less than before; where it was replaced, say what both meters showed.",
        clause=CLAUSE,
        kind="value",
        field="value",
        details={"previous": str(previous.value), "month": previous.month},
    )


def _before(known: list[MeterReading], month: str) -> MeterReading | None:
    return max((one for one in known if one.month < month), key=lambda one: one.month, default=None)


def _must_come_last(state: FeeAccountState, command: c.RecordReading, known: list[MeterReading]) -> None:
    """Later readings rest on it, and what was charged stays as it is."""
    if any(one.month > command.month for one in known):
        raise value("read_later", "该表已有之后月份的读数", "A later month was read already.", "month", CLAUSE)
    if any(entry.covers(command.item, command.month, command.month) for entry in state.entries.values()):
        raise value("month_charged", "该月已计费，须先冲销", "The month was charged.", "month", CLAUSE)


def _must_be_shown(shown: Decimal, field: str) -> None:
    exponent = shown.as_tuple().exponent
    if not shown.is_finite() or not 0 <= shown <= MOST_SHOWN or int(exponent) < DECIMALS:
        raise value(
            "reading_out_of_bounds",
            "读数须不小于零、不超过一千万且最多三位小数",
            "A reading is at least zero, at most ten million, with at most three decimals.",
            field,
            CLAUSE,
        )
