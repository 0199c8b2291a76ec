"""What a trip costs by the tariff, component by component, each rounded half up to the fen (R3.1.2)."""

from datetime import date, datetime
from fractions import Fraction

from domain.calendar import Calendar
from domain.kernel import Context, Refusal
from domain.periods import month_of, next_month
from domain.rules.r3 import R3Rules, in_force
from domain.rules.r3_parts import TariffLine
from domain.rules.versions import InForce
from domain.vehicle_booking.commands import CompleteOrder
from domain.vehicle_booking.events import Charge

HOUR = 60
YUAN_FEN = 100


def charge(  # noqa: PLR0913 - what a price depends on
    trip: CompleteOrder, found: InForce[R3Rules], line: TariffLine, calendar: Calendar, *, free: bool, reception: bool
) -> Charge:
    """The charge of a trip. A free use costs nothing; what it is worth is kept all the same (R3.1.1)."""
    rules = found.values
    km = trip.odometer_back_km - trip.odometer_out_km
    under_way = max(0, _minutes(trip.out_at, trip.back_at) - trip.waiting_minutes)
    nights = (calendar.local_date(trip.back_at) - calendar.local_date(trip.out_at)).days
    km_fen, time_fen = km * line.per_km_fen, _hours_fen(under_way, line.per_hour_fen, rules)
    if rules.base == "greater":
        km_fen, time_fen = (km_fen, 0) if km_fen >= time_fen else (0, time_fen)
    waiting_fen, overnight_fen = (
        _hours_fen(trip.waiting_minutes, line.waiting_hour_fen, rules),
        nights * line.overnight_fen,
    )
    summed = km_fen + time_fen + waiting_fen + overnight_fen
    at_least = max(summed, line.minimum_fen)
    rounded = at_least if rules.amount_rounding == "fen" else _half_up(Fraction(at_least, YUAN_FEN)) * YUAN_FEN
    worth_fen = rounded + (trip.tolls_fen if rules.tolls == "passed_on" else 0)
    return Charge(
        vehicle_class=line.code,
        km=km,
        km_fen=km_fen,
        minutes=under_way,
        time_fen=time_fen,
        waiting_minutes=trip.waiting_minutes,
        waiting_fen=waiting_fen,
        nights=nights,
        overnight_fen=overnight_fen,
        minimum_added_fen=at_least - summed,
        rounded_by_fen=rounded - at_least,
        tolls_fen=worth_fen - rounded,
        worth_fen=worth_fen,
        free=free,
        settled=not (free and (reception or rules.receptions == "all_free")),
        due_fen=0 if free else worth_fen,
        rule_version=found.version,
        readings=_readings(rules),
    )


def line_of(vehicle_class: str, rules: R3Rules) -> TariffLine | None:
    """The tariff's line of a class, or none."""
    return next((line for line in rules.tariff if line.code == vehicle_class), None)


def tariff_on(vehicle_class: str, day: date, context: Context) -> tuple[InForce[R3Rules], TariffLine]:
    """The tariff in force on a day; today's where that of the day does not know the class."""
    for found in (in_force(context, day), in_force(context, context.today)):
        line = line_of(vehicle_class, found.values)
        if line is not None:
            return found, line
    raise Refusal(
        "class_unknown",
        zh="资费表中没有这一车型",
        en="The tariff knows no such class of vehicle.",
        clause="R3.1.2",
        details={"vehicle_class": vehicle_class},
    )


def settlement_month(day: date, rules: R3Rules) -> str:
    """The month in whose settlement something of that day stands (R3.month)."""
    month = month_of(day)
    return next_month(month) if rules.month == "day_of_month" and day.day > rules.cut_off_day else month


def _readings(rules: R3Rules) -> dict[str, str]:
    return {
        "R3.1.2.base": rules.base,
        "R3.1.2.tolls": rules.tolls,
        "R3.1.2.time_rounding": rules.time_rounding,
        "R3.1.2.amount_rounding": rules.amount_rounding,
        "R3.2.1.free": rules.receptions,
    }


def _minutes(start: datetime, end: datetime) -> int:
    """Whole minutes; one that was begun counts."""
    return -int(-(end - start).total_seconds() // 60)


def _hours_fen(minutes: int, per_hour_fen: int, rules: R3Rules) -> int:
    """So many minutes in steps of time, at a price per hour."""
    steps = Fraction(minutes, rules.time_step_minutes)
    match rules.time_rounding:
        case "up":
            counted = -int(-steps // 1)
        case "half_up":
            counted = _half_up(steps)
        case "down":
            counted = int(steps // 1)
    return _half_up(Fraction(counted * rules.time_step_minutes * per_hour_fen, HOUR))


def _half_up(value: Fraction) -> int:
    return int((value + Fraction(1, 2)) // 1)
