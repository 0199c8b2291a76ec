"""A duty: met or missed window by window, changed from the next on, escalated, never both nor neither."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.cadence import Cadence, Shift
from domain.catalogue import notices_of
from domain.duty import DUTY
from domain.duty import commands as d
from domain.duty import events as e
from domain.duty_terms import Holder
from domain.kernel import Actor, Cause, Refusal
from tests.domain.story_duties import CHIEF, CLEANER, LADDER, SCOPE, opened, terms
from tests.domain.world import World

STREAM = UUID(int=0xD0)
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
SHIFTS = Cadence(kind="shift", shifts=(Shift(time(8), time(16)), Shift(time(16), time(0))))
WRONG = (replace(LADDER[0], role="project_haed"),)
EVERY_THREE = Cadence(kind="every_days", days=3, counting="rolling")


def duty(**changes):
    """A world with one duty that begins on Tuesday, the 3rd of March."""
    world = World(MONDAY)
    world.send("duty", STREAM, opened(world, **changes))
    return world


def at(world, day, hour):
    """Move on to an hour of a day in March, by the tenant's clock."""
    world.advance(datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8))


def meet(world, person=CLEANER):
    """Do what is owed."""
    return world.send("duty", STREAM, d.MeetDuty(), person=person)


def ended(world):
    """How each window ended: its key, and whether it was met."""
    return [
        (event.window.key, isinstance(event, e.DutyMet))
        for *_, event in world.log
        if isinstance(event, e.DutyMet | e.DutyMissed)
    ]


def refused(world, command, person=CLEANER):
    """The code with which a command is refused."""
    with pytest.raises(Refusal) as caught:
        world.send("duty", STREAM, command, person=person)
    return caught.value.code


@pytest.mark.clause("R12.5.1")
def test_a_window_is_met_once_and_the_next_opens_with_it():
    """Met on the day, nothing more is owed until the next morning; the event names clause and rule version."""
    world = duty()
    assert refused(world, d.MeetDuty()) == "not_open_yet"
    at(world, 3, 10)
    (met,) = meet(world)
    assert (met.window.key, met.next_window.key) == ("2026-03-03", "2026-03-04")
    assert (met.clause, met.holder.person, met.performed_by) == ("R12.5.1", CLEANER, CLEANER)
    assert refused(world, d.MeetDuty()) == "not_open_yet"


@pytest.mark.clause("R12.5.1")
def test_a_window_that_closes_unmet_is_missed_at_its_very_end():
    """Not a second before midnight, and once."""
    world = duty()
    close = datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert world.advance(close - timedelta(seconds=1)) == []
    assert world.advance(close) == [close]
    assert ended(world) == [("2026-03-03", False)]


@pytest.mark.clause("R12.5.1")
def test_twice_each_shift_is_met_by_the_second_time():
    """The first time is an event of its own; a shift with one of two is missed, and says so."""
    world = duty(cadence=SHIFTS, times=2)
    at(world, 3, 9)
    (first,) = meet(world)
    assert (type(first), first.number, first.times) == (e.DutyPerformed, 1, 2)
    (second,) = meet(world)
    assert isinstance(second, e.DutyMet)
    at(world, 3, 17)
    meet(world)
    at(world, 4, 1)
    lapse = world.log[-1][-1]
    assert (lapse.window.key, lapse.performed, lapse.times) == ("2026-03-03T16:00", 1, 2)


@pytest.mark.clause("R12.5.1")
def test_three_rolling_days_begin_with_the_day_after_the_last_time():
    """Met on the first of three days, it is owed again by the fourth."""
    world = duty(cadence=EVERY_THREE)
    at(world, 3, 10)
    (met,) = meet(world)
    assert (met.next_window.first_on, met.next_window.last_on) == (date(2026, 3, 4), date(2026, 3, 6))


@pytest.mark.clause("R12.5.1")
def test_a_command_never_outruns_a_lapse():
    """Where the worker is late, the next command records what was missed before it does its own."""
    world = duty()
    world.now = datetime(2026, 3, 5, 2, tzinfo=UTC)
    first, second, met = meet(world)
    assert [type(one) for one in (first, second, met)] == [e.DutyMissed, e.DutyMissed, e.DutyMet]
    assert met.window.key == "2026-03-05"


def test_too_many_lapses_at_once_are_left_to_the_worker():
    """A command records a fortnight by itself and no more."""
    world = duty()
    world.now = datetime(2026, 4, 5, 2, tzinfo=UTC)
    assert refused(world, d.MeetDuty()) == "lapses_pending"


@pytest.mark.clause("R12.5.1")
def test_lapses_in_a_row_climb_the_ladder():
    """The first tells the project head, the third the manager; one that is met begins anew."""
    world = duty()
    at(world, 8, 9)
    told = [event.escalation for *_, event in world.log if isinstance(event, e.DutyMissed)]
    assert [level and (level.level, level.role) for level in told] == [
        (1, "project_head"),
        None,
        (2, "company_manager"),
        (2, "company_manager"),
        (2, "company_manager"),
    ]
    meet(world)
    at(world, 10, 9)
    assert world.log[-1][-1].in_a_row == 1


@pytest.mark.clause("R12.5.1")
def test_a_lapse_is_told_to_whom_it_burdens_and_to_the_level_it_reaches():
    """The holder's inbox, and the role and channel of the ladder; a hand-over is told to the new holder."""
    world = duty()
    at(world, 6, 9)
    missed = [event for *_, event in world.log if isinstance(event, e.DutyMissed)][-1]
    cause, state = Cause(stream_id=STREAM, stream_version=4, position=4), world.state("duty", STREAM)
    (rule,) = notices_of(e.DutyMissed)
    holder, level = rule.make(missed, cause, state)
    assert (holder.persons, level.roles, level.channel) == ((CLEANER,), ("company_manager",), "email")
    (handed,) = world.send("duty", STREAM, d.ReassignDuty(holder=Holder(role="supervisor"), reason="调岗"))
    (rule,) = notices_of(e.DutyReassigned)
    (told,) = rule.make(handed, cause, state)
    assert (told.roles, told.persons) == (("supervisor",), ())


def test_only_whoever_owes_it_meets_it():
    """A person where one is named, else whoever holds the role."""
    world = duty()
    at(world, 3, 10)
    assert refused(world, d.MeetDuty(), person=CHIEF) == "not_the_holder"
    anybody = duty(holder=Holder(role="supervisor"))
    at(anybody, 3, 10)
    state, context = anybody.state("duty", STREAM), anybody.context(STREAM, person=CHIEF)
    with pytest.raises(Refusal):
        DUTY.decide(state, d.MeetDuty(), context)
    holding = Actor(kind="member", id=CHIEF, roles=frozenset({"supervisor"}))
    (met,) = DUTY.decide(state, d.MeetDuty(), replace(context, actor=holding))
    assert met.performed_by == CHIEF


def test_evidence_that_is_needed_is_asked_for():
    """Without a file the duty is not met."""
    world = duty(evidence_needed=True)
    at(world, 3, 10)
    assert refused(world, d.MeetDuty()) == "evidence_needed"
    (met,) = world.send("duty", STREAM, d.MeetDuty(evidence=("ab" * 32,)), person=CLEANER)
    assert met.evidence == ("ab" * 32,)


@pytest.mark.clause("R12.5.1")
def test_another_cadence_applies_from_the_next_window_and_rewrites_nothing():
    """The window that is open stays as it was, and so does every one before it."""
    world = duty()
    at(world, 4, 10)
    before = ended(world)
    world.send("duty", STREAM, d.ReviseDuty(cadence=Cadence(kind="weekly"), reason="每周即可"))
    assert world.state("duty", STREAM).window.key == "2026-03-04"
    (met,) = meet(world)
    assert (met.window.key, met.next_window.key) == ("2026-03-04", "2026-03-09")
    assert ended(world)[: len(before)] == before
    assert world.state("duty", STREAM).terms.cadence.kind == "weekly"


@pytest.mark.clause("R12.5.1")
def test_a_lapse_stays_with_whom_it_was_missed_by():
    """After a hand-over the past window still names the former holder, the open one the new."""
    world = duty()
    at(world, 4, 10)
    world.send("duty", STREAM, d.ReassignDuty(holder=Holder(role="supervisor", person=CHIEF), reason="调岗"))
    at(world, 5, 10)
    lapses = [event.holder.person for *_, event in world.log if isinstance(event, e.DutyMissed)]
    assert lapses == [CLEANER, CHIEF]


def test_a_suspended_duty_owes_nothing_and_its_open_window_is_void():
    """Neither met nor missed; after it is resumed the next window that opens counts."""
    world = duty()
    at(world, 3, 10)
    (suspended,) = world.send("duty", STREAM, d.SuspendDuty(reason="停用"))
    assert suspended.voided.key == "2026-03-03"
    assert DUTY.deadlines(world.state("duty", STREAM)) == ()
    at(world, 20, 10)
    assert refused(world, d.MeetDuty()) == "duty_suspended"
    (resumed,) = world.send("duty", STREAM, d.ResumeDuty())
    assert resumed.next_window.key == "2026-03-21"
    assert ended(world) == []
    world.send("duty", STREAM, d.EndDuty(reason="撤场"))
    assert refused(world, d.ResumeDuty()) == "not_suspended"
    assert refused(world, d.SuspendDuty(reason="再停")) == "duty_ended"


@pytest.mark.clause("R12.5.1")
def test_what_was_done_in_time_overturns_the_lapse_when_word_of_it_comes_late():
    """The instant of the deed counts, not that of the message; a second message changes nothing."""
    world = duty()
    at(world, 3, 10)
    done_at = world.now
    at(world, 5, 10)
    credit = d.CreditDuty(at=done_at, by=CLEANER, source="检查 1")
    (overturned,) = world.send("duty", STREAM, credit, "system", None)
    assert (overturned.window, overturned.ground, overturned.in_a_row) == ("2026-03-03", "performed_in_time", 1)
    assert world.send("duty", STREAM, credit, "system", None) == ()
    stranger = d.CreditDuty(at=world.now, by=CHIEF, source="检查 2")
    assert world.send("duty", STREAM, stranger, "system", None) == ()


def test_a_lapse_is_excused_by_another_once():
    """Nobody excuses his own, and what was excused counts no longer."""
    world = duty()
    at(world, 4, 10)
    excuse = d.ExcuseLapse(window="2026-03-03", reason="台风")
    assert refused(world, excuse) == "own_lapse"
    (overturned,) = world.send("duty", STREAM, excuse, person=CHIEF)
    assert (overturned.ground, overturned.decided_by, overturned.holder.person) == ("excused", CHIEF, CLEANER)
    assert world.state("duty", STREAM).missed == 0
    assert refused(world, excuse, person=CHIEF) == "overturned_already"
    assert refused(world, d.ExcuseLapse(window="2026-03-01", reason="台风"), person=CHIEF) == "no_such_lapse"


def test_however_long_a_duty_runs_it_keeps_one_deadline_and_a_small_state():
    """A year of daily windows leaves one deadline, and lapses of a month."""
    world = duty()
    world.advance(datetime(2027, 3, 3, tzinfo=UTC))
    state = world.state("duty", STREAM)
    assert (state.missed, len(state.lapses), len(DUTY.deadlines(state))) == (365, 31, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"clause": "R12.9.9"}, "no_such_clause"),
        ({"cadence": Cadence(kind="shift")}, "cadence_senseless"),
        ({"ladder": LADDER[::-1]}, "ladder_senseless"),
        ({"begins_on": date(2026, 3, 1)}, "begins_out_of_bounds"),
        ({"begins_on": date(9999, 12, 31)}, "begins_out_of_bounds"),
    ],
)
def test_a_senseless_duty_is_refused(changes, code):
    """With the field that is wrong."""
    world = World(MONDAY)
    with pytest.raises(Refusal) as caught:
        world.send("duty", STREAM, opened(world, **changes))
    assert (caught.value.code, caught.value.kind) == (code, "value")


@pytest.mark.clause("R12.5.1")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda world: opened(world, holder=Holder(role="janitor")), "holder.role"),
        (lambda world: opened(world, ladder=(LADDER[0], replace(LADDER[1], role="manager"))), "ladder[1].role"),
        (lambda _: d.ReviseDuty(cadence=Cadence(kind="daily"), ladder=WRONG, reason="调整"), "ladder[0].role"),
        (lambda _: d.ReassignDuty(holder=Holder(role="janitor", person=CHIEF), reason="调岗"), "holder.role"),
    ],
)
def test_nobody_is_given_a_duty_or_told_of_it_in_a_role_there_is_not(wrong, field):
    """A typing error in the holder's role or in a level of the ladder is refused where it stands."""
    world = duty()
    command = wrong(world)
    stream = UUID(int=0xD1) if isinstance(command, d.OpenDuty) else STREAM
    with pytest.raises(Refusal) as caught:
        world.send("duty", stream, command)
    assert (caught.value.code, caught.value.kind, caught.value.field) == ("unknown_role", "value", field)


deeds = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from(["meet", "meet", "meet", "revise", "suspend", "resume", "credit"])),
    max_size=25,
)
kinds = st.sampled_from([Cadence(kind="daily"), SHIFTS, EVERY_THREE, Cadence(kind="weekly", weekdays=(1, 4))])


@pytest.mark.clause("R12.5.1")
@settings(deadline=None, max_examples=60)
@given(kinds, st.integers(1, 3), deeds)
def test_each_window_ends_in_exactly_one_of_met_missed_or_void(cadence, times, deeds):
    """Whatever is done when, the windows that were announced are those that ended, each once and in order."""
    world = World(MONDAY)
    begin = opened(world).begins_on
    establish = d.EstablishDuty(
        terms=terms(cadence=cadence, times=times),
        scope=SCOPE,
        holder=Holder(role="operator", person=CLEANER),
        begins_on=begin,
        scheme_id=STREAM,
    )
    world.send("duty", STREAM, establish, "system", None)
    for hours, deed in deeds:
        before = world.now
        world.advance(before + timedelta(hours=hours))
        command, kind, person = {
            "meet": (d.MeetDuty(), "member", CLEANER),
            "revise": (d.ReviseDuty(cadence=SHIFTS, times=times, reason="改"), "member", CHIEF),
            "suspend": (d.SuspendDuty(reason="停"), "member", CHIEF),
            "resume": (d.ResumeDuty(), "member", CHIEF),
            "credit": (d.CreditDuty(at=before, by=CLEANER, source="检查"), "system", None),
        }[deed]
        try:
            world.send("duty", STREAM, command, kind, person)
        except Refusal as refusal:
            assert refusal.code in {"not_open_yet", "duty_suspended", "not_suspended"}  # noqa: PT017 - either answer is fine
    world.advance(world.now + timedelta(days=10))
    must_add_up([event for *_, event in world.log])


def must_add_up(events):
    """Each announced window ends once, as met, missed or void, before the next one ends."""
    announced, closed = [], []
    for event in events:
        if isinstance(event, e.DutyOpened):
            announced.append(event.window.key)
        elif isinstance(event, e.DutyMet | e.DutyMissed):
            closed.append(event.window.key)
            announced.append(event.next_window.key)
        elif isinstance(event, e.DutySuspended):
            closed.append(announced[-1])
        elif isinstance(event, e.DutyResumed):
            announced.append(event.next_window.key)
    assert closed == announced[: len(closed)]
    assert len(announced) - len(closed) <= 1
    assert len(set(announced) - set(closed)) <= 1
