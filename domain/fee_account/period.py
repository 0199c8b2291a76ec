"""How a period's standing items are charged: one decision, one event, one notice an account (R13.4.2.1).

An account is charged by its terms as they stand when its turn comes; months of an item that were charged before are
left alone. What a meter showed is charged once, also where its reading came too late for its own period.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from domain.fee_account import commands as c
from domain.fee_account import events as e
from domain.fee_account.guards import (
    MOST_QUANTITY,
    amount_of,
    begin_of,
    next_number,
    reminder,
    settled,
)
from domain.fee_account.parts import ChargeLine, LeftOut, PeriodPrice
from domain.fee_account.state import FeeAccountState
from domain.kernel import Context, Event, Refusal
from domain.money import MAX_AMOUNT_FEN
from domain.periods import next_month
from domain.rules.r13 import version


class _Part(msgspec.Struct, frozen=True):
    """A quantity of an item in a month, at the price of that month."""

    month: str
    quantity: Decimal
    price: PeriodPrice


def charge_period(state: FeeAccountState, command: c.ChargePeriod, context: Context) -> tuple[Event, ...]:
    """Charge what is owed regularly for a period, once; nothing where the unit owes nothing regularly."""
    if command.period_id in state.periods:
        raise Refusal(
            "charged_already", zh="该期已计费", en="This period was charged.", clause="R13.4.2.1", kind="state"
        )
    lines, left_out = _lines(state, command)
    if not lines and not left_out:
        return ()
    return (_charged(state, command, context, lines, left_out),)


def _charged(
    state: FeeAccountState,
    command: c.ChargePeriod,
    context: Context,
    lines: tuple[ChargeLine, ...],
    left_out: tuple[LeftOut, ...],
) -> e.PeriodCharged:
    rules = version(context, command.rule_version).values
    amount_fen = sum(line.amount_fen for line in lines)
    balance_fen = state.balance_fen + amount_fen
    tells_unpaid = command.notice == "reminder_to_unpaid"
    tells = bool(lines) and not (tells_unpaid and balance_fen <= 0)
    # by that reading the period's end is itself the ladder's first step
    first_level = 2 if tells_unpaid else 1
    draft = e.PeriodCharged(
        period_id=command.period_id,
        first_month=command.first_month,
        last_month=command.last_month,
        unit=state.unit,
        building=state.building,
        owner=state.owner,
        lines=lines,
        left_out=left_out,
        amount_fen=amount_fen,
        arrears_fen=max(0, state.balance_fen),
        payable_fen=max(0, balance_fen),
        due_on=command.due_on,
        form=None if not tells else "QR-7510-02" if tells_unpaid else "QR-7510-01",
        serial=command.serial if tells else None,
        verification=context.new_id("verification").bytes[:10].hex() if tells else None,
        next_reminder=reminder(first_level, begin_of(context, command.due_on), rules, context) if lines else None,
        balance_after_fen=balance_fen,
        charged_by=command.closed_by,
        charged_on=context.today,
        readings={"R13.4.2.1.notice": command.notice},
        rule_version=command.rule_version,
    )
    return settled(state, draft)


def _lines(state: FeeAccountState, command: c.ChargePeriod) -> tuple[tuple[ChargeLine, ...], tuple[LeftOut, ...]]:
    """The charges of a period by item, in the order in which the items were set; and what could not be charged."""
    lines: list[ChargeLine] = []
    left_out: list[LeftOut] = []
    room_fen, number = MAX_AMOUNT_FEN - state.balance_fen, next_number(state)
    for item in state.standing:
        prices = [price for price in command.prices if price.item == item]
        if not any(state.term_in(item, month) for month in _months(command.first_month, command.last_month)):
            continue
        if not prices:
            left_out.append(LeftOut(item=item, reason="not_on_the_list"))
            continue
        parts, unread = _parts(state, command, item, prices)
        if unread:
            left_out.append(LeftOut(item=item, reason="no_reading"))
        for run in _runs(parts):
            line = _line(number, run)
            if line.quantity > MOST_QUANTITY or line.amount_fen > room_fen:
                left_out.append(LeftOut(item=item, reason="too_large"))
            elif line.amount_fen:
                next_number(state, len(lines) + 1)
                lines.append(line)
                room_fen, number = room_fen - line.amount_fen, number + 1
    return tuple(lines), tuple(left_out)


def _parts(
    state: FeeAccountState, command: c.ChargePeriod, item: str, prices: Sequence[PeriodPrice]
) -> tuple[list[_Part], bool]:
    """What is owed of an item month by month, and whether its meter was not read at the period's end."""
    found, unread = [], False
    for month in _months(command.first_month, command.last_month):
        term = state.term_in(item, month)
        if term is None or _is_charged(state, item, month):
            continue
        price = _price_in(prices, month)
        if term.basis == "metered":
            unread = month == command.last_month and not any(
                reading.month == month for reading in state.readings.get(item, ())
            )
        elif term.basis == "area":
            area = state.area_in(month)
            found += [] if area is None else [_Part(month, area, price)]
        elif term.quantity is not None:
            found.append(_Part(month, term.quantity, price))
    for reading in state.readings.get(item, ()):
        if reading.month <= command.last_month and not _is_charged(state, item, reading.month):
            found.append(_Part(reading.month, reading.used, _price_in(prices, reading.month)))
    return sorted(found, key=lambda part: part.month), unread


def _price_in(prices: Sequence[PeriodPrice], month: str) -> PeriodPrice:
    """The price in a month of the period; that of its first day for what was used before."""
    return max((one for one in prices if one.from_month <= month), key=lambda one: one.from_month, default=prices[0])


def _is_charged(state: FeeAccountState, item: str, month: str) -> bool:
    return any(entry.covers(item, month, month) for entry in state.entries.values())


def _runs(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Parts that follow each other, month by month, at one price; a month between them would count as charged."""
    run: list[_Part] = []
    for part in parts:
        if run and (part.price is not run[-1].price or part.month > next_month(run[-1].month)):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def _line(number: int, run: Sequence[_Part]) -> ChargeLine:
    quantity, price = sum((part.quantity for part in run), Decimal()), run[0].price
    return ChargeLine(
        number=number,
        kind=price.kind,
        item=price.item,
        first_month=run[0].month,
        last_month=run[-1].month,
        quantity=quantity,
        price_fen=price.price_fen,
        amount_fen=amount_of(quantity, price.price_fen),
        label=price.label,
        per=price.per,
    )


def _months(first: str, last: str) -> Iterator[str]:
    month = first
    while month <= last:
        yield month
        month = next_month(month)
