"""How a duty is set up, met, changed and ended."""

from datetime import datetime, time
from uuid import UUID

from msgspec.structs import replace

from domain import clauses
from domain.cadence import Cadence, faults, next_window
from domain.duty import commands as c
from domain.duty import events as e
from domain.duty.state import DutyState, Lapse, holder_at
from domain.duty.time import following
from domain.duty_terms import Ladder, Terms
from domain.evidence import Evidence
from domain.kernel import Context, Event, Refusal, Text
from domain.rules.role_names import must_name_roles

AHEAD_DAYS = 366


def open_duty(_: None, command: c.OpenDuty, context: Context) -> tuple[Event, ...]:
    """Set up a duty of the tenant's own under a clause; it names the version of that clause's rules in force now."""
    must_name_roles(command)
    must_make_sense(command.cadence, command.ladder)
    if command.clause not in clauses.load().clauses:
        raise Refusal("no_such_clause", zh="没有该条款", en="There is no such clause.", kind="value", field="clause")
    terms = Terms(
        kind=command.kind,
        title=Text(command.title_zh, command.title_en),
        clause=command.clause,
        rule_version=_version(command.clause, context),
        cadence=command.cadence,
        times=command.times,
        evidence_needed=command.evidence_needed,
        ladder=command.ladder,
    )
    return (_opened(terms, command, None, context),)


def establish(_: None, command: c.EstablishDuty, context: Context) -> tuple[Event, ...]:
    """Set up what a scheme asks for."""
    _must_be_known(command.terms.clause, "terms.clause")
    must_make_sense(command.terms.cadence, command.terms.ladder, "terms.")
    return (_opened(command.terms, command, command.scheme_id, context),)


def meet(state: DutyState, command: c.MeetDuty, context: Context) -> tuple[Event, ...]:
    """Do what is owed, by whom it is owed, while the window is open."""
    must_run(state)
    _must_hold(state, context)
    assert state.window is not None
    if context.now < state.window.opens_at:
        raise Refusal(
            "not_open_yet",
            zh="本期已履行或窗口尚未开始",
            en="Nothing is owed now; the next window is yet to open.",
            clause=state.terms.clause,
            details={"opens_at": state.window.opens_at.isoformat()},
        )
    if state.terms.evidence_needed and not command.evidence:
        raise Refusal(
            "evidence_needed",
            zh="须附证据材料",
            en="Evidence must be attached.",
            clause=state.terms.clause,
            kind="value",
            field="evidence",
        )
    return (_done(state, context.now, context.actor.id, context, note=command.note, evidence=command.evidence),)


def credit(state: DutyState, command: c.CreditDuty, context: Context) -> tuple[Event, ...]:
    """Count what was done elsewhere in the window that its instant lies in, though that has closed by now.

    What is owed to nobody (not the holder's, in no window, in a window already met) leaves no trace here. It is the
    holder's where he holds the duty now, or held it at that instant: his successor may have been told of sooner.
    """
    by_holder = next(
        (one for one in (state.holder, holder_at(state, command.at)) if one.person in (None, command.by)), None
    )
    if by_holder is None:
        return ()
    window = state.window
    if window is not None and window.opens_at <= command.at < window.closes_at:
        owed = replace(state, holder=by_holder)
        return (_done(owed, command.at, command.by, context, source=command.source),)
    for one in state.lapses:
        if not one.overturned and one.window.opens_at <= command.at < one.window.closes_at:
            return (_late_news(state, one, command),)
    return ()


def revise(state: DutyState, command: c.ReviseDuty, context: Context) -> tuple[Event, ...]:
    """Change how often; past windows and the current one stay as they are."""
    must_not_be_ended(state)
    must_name_roles(command)
    must_make_sense(command.cadence, command.ladder)
    terms = Terms(
        kind=state.terms.kind,
        title=state.terms.title,
        clause=state.terms.clause,
        rule_version=_version(state.terms.clause, context),
        cadence=command.cadence,
        times=command.times,
        evidence_needed=command.evidence_needed,
        ladder=command.ladder,
    )
    return _changed(state, terms, command.reason, context)


def apply_terms(state: DutyState, command: c.ApplyTerms, context: Context) -> tuple[Event, ...]:
    """Take over what a scheme says now; nothing new is nothing."""
    if state.status == "ended" or command.terms == (state.pending or state.terms):
        return ()
    _must_be_known(command.terms.clause, "terms.clause")
    must_make_sense(command.terms.cadence, command.terms.ladder, "terms.")
    return _changed(state, command.terms, command.reason, context)


def reassign(state: DutyState, command: c.ReassignDuty, context: Context) -> tuple[Event, ...]:
    """Give it to another, with the window that is open."""
    must_not_be_ended(state)
    must_name_roles(command)
    if command.holder == state.holder:
        return ()
    return (
        e.DutyReassigned(
            holder=command.holder,
            previous=state.holder,
            reason=command.reason,
            clause=state.terms.clause,
            rule_version=state.terms.rule_version,
            at=context.now,
        ),
    )


def suspend(state: DutyState, command: c.SuspendDuty, context: Context) -> tuple[Event, ...]:
    """Owe nothing for the time being."""
    must_run(state)
    voided = state.window if state.window is not None and state.window.opens_at <= context.now else None
    return (
        e.DutySuspended(
            reason=command.reason,
            voided=voided,
            clause=state.terms.clause,
            rule_version=state.terms.rule_version,
        ),
    )


def resume(state: DutyState, _: c.ResumeDuty, context: Context) -> tuple[Event, ...]:
    """Owe it again, from the first window that opens from now on."""
    if state.status != "suspended":
        raise Refusal("not_suspended", zh="该职责未暂停", en="The duty is not suspended.", clause=state.terms.clause)
    terms = state.pending or state.terms
    after = max(context.now, context.calendar.at(state.begins_on, time.min))
    return (
        e.DutyResumed(
            next_window=following(state, after, context), clause=terms.clause, rule_version=terms.rule_version
        ),
    )


def end(state: DutyState, command: c.EndDuty, context: Context) -> tuple[Event, ...]:
    """Owe it no longer."""
    must_not_be_ended(state)
    voided = state.window if state.window is not None and state.window.opens_at <= context.now else None
    return (
        e.DutyEnded(
            reason=command.reason,
            voided=voided,
            clause=state.terms.clause,
            rule_version=state.terms.rule_version,
        ),
    )


def excuse(state: DutyState, command: c.ExcuseLapse, context: Context) -> tuple[Event, ...]:
    """Say that a lapse is nobody's fault; not by whom it burdens."""
    found = next((one for one in state.lapses if one.window.key == command.window), None)
    if found is None:
        raise Refusal(
            "no_such_lapse",
            zh="没有可免责的该期未履行记录",
            en="There is no such lapse that could still be excused.",
            clause=state.terms.clause,
            kind="value",
            field="window",
        )
    if found.overturned:
        raise Refusal("overturned_already", zh="该记录已撤销", en="The lapse counts no longer.", clause=found.clause)
    if context.actor.id is None or context.actor.id == found.holder.person:
        raise Refusal(
            "own_lapse",
            zh="不得由责任人本人免责",
            en="Nobody excuses his own lapse.",
            clause=found.clause,
            kind="forbidden",
        )
    return (_overturned(state, found, "excused", command.reason, at=None, by=context.actor.id),)


def must_make_sense(cadence: Cadence, ladder: Ladder, within: str = "") -> None:
    """The cadence's fields fit together, and the ladder goes up; ``within`` is where the command holds them."""
    for field in faults(cadence):
        raise Refusal(
            "cadence_senseless",
            zh=f"频次设置不合理：{field}",
            en=f"The cadence makes no sense: {field}.",
            kind="value",
            field=f"{within}cadence.{field}",
        )
    steps = [level.missed_in_a_row for level in ladder]
    if steps != sorted(set(steps)):
        raise Refusal(
            "ladder_senseless",
            zh="上报层级须由低到高",
            en="Each level of the ladder must come after the one below.",
            kind="value",
            field=f"{within}ladder",
        )


def must_not_be_ended(state: DutyState) -> None:
    """The duty has not ended."""
    if state.status == "ended":
        raise Refusal("duty_ended", zh="该职责已终止", en="The duty has ended.", clause=state.terms.clause)


def must_run(state: DutyState) -> None:
    """The duty is owed now."""
    must_not_be_ended(state)
    if state.status != "running":
        raise Refusal("duty_suspended", zh="该职责已暂停", en="The duty is suspended.", clause=state.terms.clause)


def _must_hold(state: DutyState, context: Context) -> None:
    """The actor is the holder, or holds the role where no person is named."""
    holder = state.holder
    holds = holder.role in context.actor.roles if holder.person is None else context.actor.id == holder.person
    if context.actor.id is None or not holds:
        raise Refusal(
            "not_the_holder",
            zh="只能由责任人履行",
            en="Only whoever owes it can do it.",
            clause=state.terms.clause,
            kind="forbidden",
        )


def _must_be_known(clause: str, field: str) -> None:
    if clause not in clauses.load().clauses:
        raise Refusal("no_such_clause", zh="没有该条款", en="There is no such clause.", kind="value", field=field)


def _version(clause: str, context: Context) -> int | None:
    """The version of the clause's regulation in force today, where the tenant has one."""
    for candidate in reversed(context.rules.get(clause.partition(".")[0], ())):
        if candidate.effective_from <= context.today:
            return candidate.version
    return None


def _opened(
    terms: Terms, command: c.OpenDuty | c.EstablishDuty, scheme_id: UUID | None, context: Context
) -> e.DutyOpened:
    after = context.calendar.at(command.begins_on, time.min)
    if not 0 <= (command.begins_on - context.today).days <= AHEAD_DAYS:
        raise Refusal(
            "begins_out_of_bounds",
            zh=f"须自今天起{AHEAD_DAYS}天之内开始",
            en=f"A duty begins today or within {AHEAD_DAYS} days.",
            clause=terms.clause,
            kind="value",
            field="begins_on",
        )
    return e.DutyOpened(
        terms=terms,
        scope=command.scope,
        holder=command.holder,
        begins_on=command.begins_on,
        window=next_window(terms.cadence, context.calendar, command.begins_on, after),
        scheme_id=scheme_id,
        clause=terms.clause,
        rule_version=terms.rule_version,
    )


def _done(  # noqa: PLR0913 - what is told of a performance
    state: DutyState,
    at: datetime,
    by: UUID | None,
    context: Context,
    *,
    source: str | None = None,
    note: str = "",
    evidence: Evidence = (),
) -> Event:
    """One more time within the current window, or the last that was owed in it."""
    assert state.window is not None
    terms, number = state.terms, state.performed + 1
    if number < terms.times:
        return e.DutyPerformed(
            window=state.window.key,
            number=number,
            times=terms.times,
            performed_at=at,
            performed_by=by,
            source=source,
            note=note,
            evidence=evidence,
            clause=terms.clause,
            rule_version=terms.rule_version,
        )
    rolling = terms.cadence.counting == "rolling" and terms.cadence.kind == "every_days" and state.pending is None
    return e.DutyMet(
        window=state.window,
        times=terms.times,
        holder=state.holder,
        performed_at=at,
        performed_by=by,
        source=source,
        note=note,
        evidence=evidence,
        next_window=following(state, at if rolling else state.window.closes_at, context),
        readings=terms.readings,
        clause=terms.clause,
        rule_version=terms.rule_version,
    )


def _late_news(state: DutyState, lapse: Lapse, command: c.CreditDuty) -> Event:
    """Something done in a window that was recorded as missed meanwhile."""
    if lapse.performed + 1 < lapse.times:
        return e.DutyPerformed(
            window=lapse.window.key,
            number=lapse.performed + 1,
            times=lapse.times,
            performed_at=command.at,
            performed_by=command.by,
            source=command.source,
            clause=lapse.clause,
            rule_version=lapse.rule_version,
        )
    return _overturned(state, lapse, "performed_in_time", command.source, at=command.at, by=command.by)


def _overturned(  # noqa: PLR0913 - what is told of it
    state: DutyState, lapse: Lapse, ground: e.Overturned, reason: str, *, at: datetime | None, by: UUID | None
) -> e.LapseOverturned:
    """The lapse is taken back; the run of lapses is what still stands after it."""
    key, run = lapse.window.key, 0
    for one in reversed(state.lapses[-state.in_a_row :] if state.in_a_row else ()):
        if one.overturned or one.window.key == key:
            break
        run += 1
    within = any(one.window.key == key for one in state.lapses[-state.in_a_row :]) if state.in_a_row else False
    return e.LapseOverturned(
        window=key,
        last_on=lapse.window.last_on,
        ground=ground,
        reason=reason,
        holder=lapse.holder,
        performed_at=at,
        decided_by=by,
        in_a_row=run if within else state.in_a_row,
        clause=lapse.clause,
        rule_version=lapse.rule_version,
    )


def _changed(state: DutyState, terms: Terms, reason: str, context: Context) -> tuple[Event, ...]:
    from_window = context.now if state.window is None else state.window.closes_at
    return (
        e.DutyTermsChanged(
            terms=terms,
            reason=reason,
            from_window=from_window,
            clause=terms.clause,
            rule_version=terms.rule_version,
        ),
    )
