"""How each command on a unit's month is decided (R3.2.1): what is booked stays, corrections are further entries."""

from datetime import date
from uuid import UUID

from domain.kernel import Context, Event, Refusal, derived_id
from domain.periods import last_day, next_month
from domain.rules.r3 import R3Rules, in_force, version
from domain.unit_settlement import messages as m
from domain.unit_settlement.state import Entry, SettlementState, evolve, totals
from domain.unit_voice import must_speak_for

MAX_LINES = 20_000
MAX_CORRECTIONS = 50
MAX_ROUNDS = 50


def stream_of(unit: str, month: str) -> UUID:
    """The stream of a unit's month."""
    return derived_id("unit_settlement", month, unit)


def add_line(state: SettlementState | None, command: m.AddLine, context: Context) -> tuple[Event, ...]:
    """Put a line on the statement, once; where the month is closed it goes to the next."""
    events: tuple[Event, ...] = ()
    if state is None:
        opened = _opened(command.unit, command.month, context)
        events, state = (opened,), evolve(None, opened)
    if (state.unit, state.month) != (command.unit, command.month):
        raise Refusal("other_statement", zh="不是该单位该月的结算单", en="This is another unit's or month's statement.")
    if command.line.key in state.lines:
        return events
    if state.status == "closed" or len(state.lines) >= MAX_LINES:
        return (*events, m.LineDeferred(unit=state.unit, to_month=next_month(state.month), line=command.line))
    return (*events, m.LineAdded(line=command.line))


def contest(state: SettlementState, command: m.ContestLine, context: Context) -> tuple[Event, ...]:
    """The unit objects, also after the month was closed."""
    entry = _entry(state, command.line_key)
    person = must_speak_for(state.unit, version(context, state.rule_version).values, context)
    if entry.contested is not None:
        raise Refusal("contested_already", zh="该明细已有待裁定的异议", en="An objection is open.", clause="R3.2.1")
    return (m.LineContested(line_key=command.line_key, reason=command.reason, contested_by=person),)


def decide(state: SettlementState, command: m.DecideLine, context: Context) -> tuple[Event, ...]:
    """The line stands, or is corrected."""
    entry = _entry(state, command.line_key)
    person = _person(context)
    if entry.contested is None:
        raise Refusal("not_contested", zh="该明细没有待裁定的异议", en="No objection is open.", clause="R3.2.1")
    if command.amount_fen == entry.now_fen:
        return (m.LineConfirmed(line_key=command.line_key, reason=command.reason, decided_by=person),)
    return (_correction(state, entry, command.amount_fen, command.reason, person),)


def correct(state: SettlementState, command: m.CorrectLine, context: Context) -> tuple[Event, ...]:
    """Finance corrects a line; one that costs so much already stays as it is."""
    entry = _entry(state, command.line_key)
    person = _person(context)
    if command.amount_fen == entry.now_fen:
        return ()
    return (_correction(state, entry, command.amount_fen, command.reason, person),)


def close(state: SettlementState, command: m.CloseSettlement, context: Context) -> tuple[Event, ...]:
    """Finance closes the month, from its cut-off on."""
    _must_be_open(state)
    if context.now < state.cut_off_at:
        raise Refusal(
            "before_cut_off",
            zh=f"结算月至{state.cut_off_on}截止，此前不得结账",
            en=f"The month runs until {state.cut_off_on}; it is not closed before.",
            clause="R3.2.1",
            details={"cut_off_on": state.cut_off_on.isoformat()},
        )
    return (_closed(state, context.actor.id, command.note, automatic=False),)


def lapse_cut_off(state: SettlementState, command: m.LapseCutOff, context: Context) -> tuple[Event, ...]:
    """Nobody closed the month: it closes."""
    _must_be_open(state)
    if command.round != state.round or context.now < state.closes_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R3.2.1")
    return (_closed(state, None, "", automatic=True),)


def reopen(state: SettlementState, command: m.ReopenSettlement, context: Context) -> tuple[Event, ...]:
    """Finance takes the month up again, for as long as it had after its cut-off."""
    if state.status != "closed":
        raise Refusal("not_closed", zh="该月尚未结账", en="The month is not closed.", clause="R3.2.1")
    if state.round >= MAX_ROUNDS:
        raise Refusal("too_many", zh=f"最多打开{MAX_ROUNDS}次", en=f"At most {MAX_ROUNDS} rounds.", clause="R3.2.1")
    rules = version(context, state.rule_version).values
    last = context.calendar.add_working_days(context.today, rules.close_after_days)
    return (
        m.SettlementReopened(
            round=state.round + 1,
            reason=command.reason,
            reopened_by=_person(context),
            closes_at=context.calendar.end_of_day(last),
            rule_version=state.rule_version,
        ),
    )


def _opened(unit: str, month: str, context: Context) -> m.SettlementOpened:
    found = in_force(context, context.today)
    cut_off_on = _cut_off(month, found.values)
    closes_on = context.calendar.add_working_days(max(cut_off_on, context.today), found.values.close_after_days)
    return m.SettlementOpened(
        unit=unit,
        month=month,
        cut_off_on=cut_off_on,
        cut_off_at=context.calendar.end_of_day(cut_off_on),
        closes_at=context.calendar.end_of_day(closes_on),
        readings={"R3.month": found.values.month},
        rule_version=found.version,
    )


def _cut_off(month: str, rules: R3Rules) -> date:
    last = last_day(month)
    return last.replace(day=rules.cut_off_day) if rules.month == "day_of_month" else last


def _correction(state: SettlementState, entry: Entry, amount_fen: int, reason: str, person: UUID) -> m.LineCorrected:
    """The further entry that makes up the difference, in this month or, once it is closed, in a later one."""
    if entry.corrections >= MAX_CORRECTIONS:
        raise Refusal(
            "too_many", zh=f"最多更正{MAX_CORRECTIONS}次", en=f"At most {MAX_CORRECTIONS} corrections.", clause="R3.2.1"
        )
    line = entry.line
    return m.LineCorrected(
        line_key=line.key,
        was_fen=entry.now_fen,
        amount_fen=amount_fen,
        entry=m.Line(
            key=f"{line.key}:{state.month}:{entry.corrections + 1}",
            kind="correction",
            booking_id=line.booking_id,
            for_month=state.month,
            used_on=line.used_on,
            amount_fen=amount_fen - entry.now_fen,
            plate=line.plate,
            corrects=line.key,
            reason=reason,
        ),
        was_contested=entry.contested is not None,
        to_month=next_month(state.month) if state.status == "closed" else None,
        unit=state.unit,
        reason=reason,
        corrected_by=person,
    )


def _closed(state: SettlementState, person: UUID | None, note: str, *, automatic: bool) -> m.SettlementClosed:
    settled = (entry.line.booking_id for entry in state.lines.values() if entry.line.kind != "correction")
    return m.SettlementClosed(
        unit=state.unit,
        month=state.month,
        round=state.round,
        automatic=automatic,
        closed_by=person,
        note=note,
        totals=totals(state),
        bookings=tuple(dict.fromkeys(settled)),
        rule_version=state.rule_version,
    )


def _entry(state: SettlementState, key: str) -> Entry:
    """A line that is settled here; corrections are not corrected themselves, their line is."""
    entry = state.lines.get(key)
    if entry is None or not entry.line.listed or entry.line.kind == "correction":
        raise Refusal(
            "line_unknown",
            zh="结算单中没有这一明细",
            en="The statement has no such line to settle.",
            clause="R3.2.1",
            kind="value",
            field="line_key",
        )
    return entry


def _must_be_open(state: SettlementState) -> None:
    if state.status != "open":
        raise Refusal("closed_already", zh="该月已结账", en="The month is closed.", clause="R3.2.1")


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
