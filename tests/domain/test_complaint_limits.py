"""When a complaint is late: the last second of a day, holidays with make-up days, promises, pauses, the ladder."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.complaint import COMPLAINT
from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.clock import limit_after, same_day, step
from domain.rules.r11 import default_values
from domain.rules.r11_ladder import EscalationLevel
from tests.domain.complaint_given import CLERK, JOINT, SALES, Case, at, lodge, of

PROMISE = c.PromiseDate(promised_for=date(2026, 4, 10), told_how="电话")


def fines(case):
    """What each bears of the fines so far."""
    return [[share.amount_fen for share in event.shares] for event in of(case.events, e.ComplaintFined)]


def grounds(case):
    """Why the complaint was late, and whether that is fined."""
    return [(event.ground, event.counts) for event in of(case.events, e.ComplaintLate)]


@pytest.mark.clause("R11.2.1")
def test_settled_in_the_last_second_of_the_day_is_in_time():
    """At 23:59:59 by the office's clock nothing is owed, and nothing fires afterwards."""
    case = Case()
    case.answered()
    case.until(at(4, 8, 23, 59, 59))
    (settled,) = case.send(c.SettleComplaint())
    assert (settled.in_time, settled.settled_on) == (True, date(2026, 4, 8))
    case.until(at(4, 30))
    assert (grounds(case), COMPLAINT.deadlines(case.state)) == ([], ())


@pytest.mark.clause("R11.2.1", "R11.2.2")
def test_one_second_later_it_is_late_and_fined():
    """At midnight the hundred yuan and twice fifty are due, under clause, rules and readings."""
    case = Case()
    case.answered()
    case.until(at(4, 9, 0))
    assert grounds(case) == [("no_notice", True)]
    (fined,) = of(case.events, e.ComplaintFined)
    assert [(share.role, share.amount_fen) for share in fined.shares] == [
        (None, 10_000),
        ("sales_director", 5_000),
        ("director_assistant", 5_000),
    ]
    assert (fined.clause, fined.rule_version, fined.late_on) == ("R11.2.2", 1, date(2026, 4, 8))
    assert fined.readings == {"R11.2.2.late": "both", "R11.2.2.joint": "each", "R11.overlap": "heavier"}
    (settled,) = case.send(c.SettleComplaint())
    assert settled.in_time is False


@pytest.mark.clause("R11.2.1")
def test_no_command_outruns_a_limit_that_no_worker_has_fired_yet():
    """Settled an hour too late before the worker came, the lateness is recorded first, and once."""
    case = Case(escalation=(EscalationLevel(role="sales_director", after_minutes=40_000, channel="inbox"),))
    case.answered()
    case.skip(hours=16)
    kinds = [type(event) for event in case.send(c.SettleComplaint())]
    assert kinds == [e.ComplaintLate, e.ComplaintFined, e.ComplaintSettled]
    assert COMPLAINT.deadlines(case.state) == ()


@pytest.mark.clause("R11.2.1")
@pytest.mark.parametrize(
    ("lodged", "due_on", "due_by"),
    [
        (at(4, 8, 17, 59, 59), date(2026, 4, 8), at(4, 8, 18)),
        (at(4, 8, 18), date(2026, 4, 9), at(4, 9, 18)),
        (at(4, 10, 20), date(2026, 4, 13), at(4, 13, 18)),
    ],
)
def test_where_the_day_ends_with_business_a_later_complaint_is_the_next_days(lodged, due_on, due_by):
    """At closing time the next working day begins; Friday evening's complaint is Monday's."""
    limit = Case(now=lodged, day_ends="close_of_business").state.limit
    assert (limit.due_on, limit.due_by) == (due_on, due_by)


@pytest.mark.clause("R11.2.1")
@pytest.mark.parametrize(
    ("lodged", "due_on"),
    [
        (at(9, 30, 23, 59, 59), date(2026, 9, 30)),
        (at(10, 1), date(2026, 10, 8)),
        (at(10, 10), date(2026, 10, 10)),
        (at(10, 11), date(2026, 10, 12)),
    ],
)
def test_a_complaint_of_a_holiday_is_the_next_working_days(lodged, due_on):
    """The national holiday rolls to 8 October; Saturday the 10th is made up and so is a day; Sunday is none."""
    assert Case(now=lodged).state.limit.due_on == due_on


@pytest.mark.clause("R11.2.1")
def test_an_office_that_works_on_rest_days_counts_them():
    """Under the other reading the holiday's complaint is the holiday's."""
    assert Case(now=at(10, 1), rest_day="counts").state.limit.due_on == date(2026, 10, 1)


@pytest.mark.clause("R11.2.1")
def test_the_day_is_that_of_the_tenants_zone():
    """Where the clocks are two hours behind Shanghai's, the day ends two hours later."""
    case = Case(now=at(4, 8, 23, 30), calendar=Calendar(timezone="Asia/Urumqi"))
    assert case.state.limit.due_by == at(4, 9, 2)


@pytest.mark.clause("R11.2.2")
def test_several_departments_and_a_date_told_the_same_day_are_in_time_until_that_date():
    """The promise takes the day's place; late only from the end of the promised date on."""
    case = Case()
    case.work()
    (told,) = case.send(PROMISE)
    assert (told.in_time, told.limit.due_on, told.limit.clause) == (True, date(2026, 4, 10), "R11.2.2")
    case.until(at(4, 10, 23, 59, 59))
    assert grounds(case) == []
    case.until(at(4, 11, 0))
    assert grounds(case) == [("promise_passed", True)]
    assert fines(case) == [[10_000, 5_000, 5_000]]


@pytest.mark.clause("R11.2.2")
def test_a_promised_date_ends_on_no_rest_day():
    """Promised for 3 October, due at the end of the 8th, the first working day after the holiday."""
    case = Case(now=at(9, 30))
    (told,) = case.send(c.PromiseDate(promised_for=date(2026, 10, 3), told_how="电话"))
    assert (told.promised_for, told.limit.due_on) == (date(2026, 10, 3), date(2026, 10, 8))


@pytest.mark.clause("R11.2.2")
def test_with_one_department_no_date_can_be_promised():
    """It is to be settled the same day."""
    refusal = Case(lodge(SALES)).refuse(PROMISE)
    assert (refusal.code, refusal.clause, refusal.details) == (
        "too_few_departments",
        "R11.2.2",
        {"concerned": 1, "needed": 2},
    )


@pytest.mark.clause("R11.2.2")
@pytest.mark.parametrize("day", [date(2026, 4, 7), date(2026, 5, 9)])
def test_a_date_lies_neither_in_the_past_nor_too_far_ahead(day):
    """Thirty days from today at most."""
    assert Case().refuse(c.PromiseDate(promised_for=day, told_how="电话")).field == "promised_for"


@pytest.mark.clause("R11.2.2")
def test_a_date_is_promised_once():
    """Unless the reading lets it be renewed before it passes."""
    case = Case()
    case.send(PROMISE)
    assert case.refuse(PROMISE).code == "promised_already"
    case = Case(promise="before_it_passes")
    case.send(PROMISE, c.PromiseDate(promised_for=date(2026, 4, 14), told_how="电话"))
    assert case.state.limit.due_on == date(2026, 4, 14)
    case.until(at(4, 20))
    assert case.refuse(c.PromiseDate(promised_for=date(2026, 4, 21), told_how="电话")).code == "promised_already"


@pytest.mark.clause("R11.2.2")
@pytest.mark.parametrize(
    ("reading", "unpromised", "overdue"),
    [("both", True, True), ("no_notice", True, False), ("promise_passed", False, True)],
)
def test_what_is_late_is_a_reading(reading, unpromised, overdue):
    """Each ground is recorded; whether it is fined, the reading says."""
    case = Case(late=reading)
    case.work()
    case.until(at(4, 9))
    assert (grounds(case), bool(fines(case))) == ([("no_notice", unpromised)], unpromised)
    case = Case(late=reading)
    case.work()
    case.send(PROMISE)
    case.until(at(4, 11))
    assert (grounds(case), bool(fines(case))) == ([("promise_passed", overdue)], overdue)


@pytest.mark.clause("R11.2.2")
def test_a_round_is_fined_once_and_a_reopened_complaint_anew():
    """Unpromised and later overdue again is one fine; a second round has its own."""
    case = Case()
    case.answered()
    case.until(at(4, 9))
    case.send(PROMISE)
    case.until(at(4, 11))
    assert [ground for ground, _ in grounds(case)] == ["no_notice", "promise_passed"]
    assert len(fines(case)) == 1
    case.until(at(4, 13))
    case.send(c.SettleComplaint(), c.ReopenComplaint(reason="未交付"))
    assert (case.state.round, case.state.status, case.state.limit.due_on) == (2, "assigned", date(2026, 4, 13))
    case.until(at(4, 14))
    assert [event.fine_key for event in of(case.events, e.ComplaintFined)] == ["late:1", "late:2"]


@pytest.mark.clause("R11.2.2")
def test_joint_liability_may_be_read_as_shared():
    """Director and assistant then bear twenty-five each."""
    case = Case(joint="shared")
    case.assign()
    case.until(at(4, 9))
    assert fines(case) == [[10_000, 2_500, 2_500]]


@pytest.mark.clause("R11.2.2")
def test_lateness_of_nobodys_complaint_waits_for_somebody_to_answer_for_it():
    """The lateness is recorded unattributed; the fine follows when it is attributed, once."""
    case = Case()
    case.until(at(4, 9))
    (late,) = of(case.events, e.ComplaintLate)
    assert (late.attributed, fines(case)) == (False, [])
    case.assign()
    assert fines(case) == []
    attribute = c.AttributeLateness(responsible=CLERK, joint=JOINT)
    case.send(attribute)
    assert fines(case) == [[10_000, 5_000, 5_000]]
    assert case.refuse(attribute).code == "nothing_to_attribute"


@pytest.mark.clause("R11.2.2")
def test_the_case_keeps_the_rules_it_began_under():
    """A version in force since changes neither limit nor fine, also after reopening; a new complaint has it."""
    case = Case(later=date(2026, 4, 9))
    case.answered()
    case.until(at(4, 9, 12))
    case.send(c.SettleComplaint(), c.ReopenComplaint(reason="未交付"))
    assert case.state.limit.due_on == date(2026, 4, 9)
    case.until(at(4, 10))
    assert [shares[0] for shares in fines(case)] == [10_000, 10_000]
    assert {event.rule_version for event in of(case.events, e.ComplaintFined)} == {1}
    assert Case(now=at(4, 9), later=date(2026, 4, 9)).state.rule_version == 2


@pytest.mark.clause("R11.2.3")
def test_the_ladder_is_climbed_level_by_level_in_business_hours():
    """Two hours a level: at 11, 13 and 15 o'clock, each with role and channel, then no further."""
    case = Case()
    case.until(at(4, 8, 20))
    steps = of(case.events, e.ComplaintEscalated)
    assert [(one.level, one.role, one.channel, one.cause) for one in steps] == [
        (1, "director_assistant", "inbox", "time"),
        (2, "deputy_director", "inbox", "time"),
        (3, "sales_director", "email", "time"),
    ]
    assert [one.next_level and one.next_level.due_at for one in steps] == [at(4, 8, 13), at(4, 8, 15), None]
    assert {one.clause for one in steps} == {"R11.2.3"}


@pytest.mark.clause("R11.2.3")
def test_the_ladders_hours_pass_over_night_and_holiday():
    """Lodged at 17:00 before the holiday, one of two hours is left for the first working day after it."""
    case = Case(now=at(9, 30, 17))
    assert case.state.next_level.due_at == at(10, 8, 10)
    assert Case(now=at(9, 30, 17), ladder_clock="running").state.next_level.due_at == at(9, 30, 19)


@pytest.mark.clause("R11.2.3")
def test_a_step_that_fires_late_delays_no_other():
    """The next step is counted from when the first was due, not from when a worker came."""
    case = Case()
    first = COMPLAINT.deadlines(case.state)[-1].command
    case.skip(hours=3)
    (taken,) = case.send(first, person=None)
    assert taken.next_level.due_at == at(4, 8, 13)


@pytest.mark.clause("R11.2.3")
def test_an_unclear_case_is_not_decided_before_it_is_instructed():
    """Asked upwards, no solution may be proposed, nor may the responsible instruct himself."""
    case = Case()
    case.work()
    (asked,) = case.send(c.EscalateComplaint(reason="涉及赔偿"))
    assert (asked.level, asked.cause) == (1, "asked")
    assert case.refuse(c.ProposeSolution(solution="赔")).clause == "R11.2.3"
    assert case.refuse(c.CloseUnfounded(reason="无")).code == "instruction_awaited"
    assert case.refuse(c.InstructComplaint(instruction="可以"), CLERK).code == "own_question"
    case.send(c.InstructComplaint(instruction="可以"), person=JOINT[0].person)
    case.send(c.ProposeSolution(solution="赔"))
    assert case.state.status == "proposed"


@pytest.mark.clause("R11.2.3")
def test_the_ladder_has_a_top():
    """Nobody stands above the highest level."""
    case = Case()
    case.work()
    case.until(at(4, 8, 20))
    assert case.refuse(c.EscalateComplaint(reason="涉及赔偿")).code == "ladder_at_top"


@pytest.mark.clause("R11.2.1")
def test_reminders_come_ahead_of_the_limit_and_not_when_it_is_too_late_for_them():
    """Yellow two hours, red half an hour before; lodged at 23:00, only the red one comes."""
    case = Case()
    sent = of(case.until(at(4, 8, 23, 59)), e.ComplaintReminded)
    assert [(one.signal, one.role, one.due_by) for one in sent] == [
        ("yellow", "handler", at(4, 9, 0)),
        ("red", "handler", at(4, 9, 0)),
    ]
    case = Case(now=at(4, 8, 23))
    assert [one.signal for one in of(case.until(at(4, 9)), e.ComplaintReminded)] == ["red"]


@pytest.mark.clause("R11.2.1")
def test_waiting_for_the_customer_stops_the_clock_and_shows_by_how_much():
    """Three hours of waiting move the limit and the ladder's step by three hours, and nothing fires meanwhile."""
    case = Case(rest_day="counts")
    case.work()
    case.send(c.PauseComplaint(reason="等客户确认"))
    assert [type(deadline.command) for deadline in COMPLAINT.deadlines(case.state)] == [c.LapsePause]
    case.until(at(4, 8, 12))
    (resumed,) = case.send(c.ResumeComplaint())
    assert (resumed.paused_s, resumed.moved_s, resumed.lapsed) == (10_800, 10_800, False)
    assert (case.state.limit.due_by, case.state.next_level.due_at) == (at(4, 9, 3), at(4, 8, 14))


@pytest.mark.clause("R11.2.1")
def test_a_limit_moved_onto_a_rest_day_rolls_to_the_next_working_day():
    """With nine hours left on Friday, resumed on Saturday, it is due at the end of Monday."""
    case = Case(now=at(4, 10, 9))
    case.until(at(4, 10, 15))
    case.send(c.PauseComplaint(reason="等客户确认"))
    case.until(at(4, 11, 10))
    case.send(c.ResumeComplaint())
    assert (case.state.limit.due_on, case.state.limit.due_by) == (date(2026, 4, 13), at(4, 14, 0))


@pytest.mark.clause("R11.2.1")
def test_under_the_other_reading_the_clock_runs_on_while_waiting():
    """The pause is recorded, and the day ends as if there were none."""
    case = Case(pause="runs_on")
    case.assign()
    (paused,) = case.send(c.PauseComplaint(reason="等客户确认"))
    assert (paused.clock_stops, paused.readings) == (False, {"R11.2.1.pause": "runs_on"})
    case.until(at(4, 9))
    assert grounds(case) == [("no_notice", True)]


@pytest.mark.clause("R11.2.1")
def test_the_customer_is_not_waited_for_without_end():
    """After ten days, rolled to a working day, the clock runs again by itself from that very instant."""
    case = Case()
    case.work()
    case.send(c.PauseComplaint(reason="等客户确认"))
    ends_at = case.state.pause.ends_at
    assert ends_at == at(4, 21, 0)
    case.until(at(4, 21, 12))
    (resumed,) = of(case.events, e.ComplaintResumed)
    assert (resumed.lapsed, case.state.limit.due_by) == (True, at(4, 21, 15))


@pytest.mark.clause("R11.2.1")
def test_a_pause_whose_end_no_worker_noted_ends_all_the_same():
    """The next command finds the clock running since then, and the limit passed."""
    case = Case()
    case.answered()
    case.send(c.PauseComplaint(reason="等客户确认"))
    case.skip(days=20)
    kinds = [type(event) for event in case.send(c.SettleComplaint())]
    assert kinds[0] is e.ComplaintResumed
    assert e.ComplaintLate in kinds
    assert kinds[-1] is e.ComplaintSettled


@pytest.mark.clause("R11.2.1")
@pytest.mark.parametrize(
    "command",
    [
        c.LapseLimit(round=1),
        c.LapseReminder(signal="red", before_minutes=30),
        c.LapseEscalation(level=1),
    ],
)
def test_nothing_lapses_early_or_twice(command):
    """Sent before its time or after it was done, a lapse is refused."""
    case = Case()
    assert case.refuse(command).code == "not_due_yet"
    case.until(at(4, 9))
    assert case.refuse(command).code == "nothing_due"


RULES = default_values()
INSTANTS = st.integers(0, 60 * 24 * 120).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
PAUSES = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 5_000)), max_size=6)
PLAIN = Calendar()


@settings(max_examples=300, deadline=None)
@given(INSTANTS, PAUSES)
def test_pauses_neither_give_nor_take_time(lodged, pauses):
    """Where rest days count and days end at midnight, a limit moves by exactly what the pauses lasted."""
    rules = replace(RULES, rest_day="counts")
    limit = first = same_day(lodged, lodged, rules, PLAIN)
    now, waited = lodged, timedelta(0)
    for worked, paused in pauses:
        begins = now + timedelta(minutes=worked)
        if begins >= limit.due_by:
            break
        now = begins + timedelta(minutes=paused)
        limit = limit_after(limit, begins, now, rules, PLAIN)
        waited += timedelta(minutes=paused)
    assert limit.due_by - first.due_by == waited


@settings(max_examples=300, deadline=None)
@given(INSTANTS, PAUSES)
def test_with_rest_days_a_pause_never_shortens_a_limit_and_none_ends_on_one(lodged, pauses):
    """Each pause leaves at least the time there was, and the limit's day is a working day."""
    limit, now = same_day(lodged, lodged, RULES, PLAIN), lodged
    for worked, paused in pauses:
        begins = now + timedelta(minutes=worked)
        if begins >= limit.due_by:
            break
        left, now = limit.due_by - begins, begins + timedelta(minutes=paused)
        limit = limit_after(limit, begins, now, RULES, PLAIN)
        assert limit.due_by - now >= left
        assert PLAIN.is_working_day(limit.due_on)


@settings(max_examples=200, deadline=None)
@given(INSTANTS)
def test_a_step_of_the_ladder_comes_within_business_hours(lodged):
    """Counted in business hours it never wakes anybody, and never comes before its minutes have passed."""
    following = step(1, lodged, RULES, PLAIN)
    local = following.due_at.astimezone(PLAIN.at(date(2026, 1, 1), RULES.business_opens_at).tzinfo)
    assert PLAIN.is_working_day(local.date())
    assert RULES.business_opens_at <= local.time() <= RULES.business_closes_at
    assert following.due_at - lodged >= timedelta(minutes=RULES.escalation[0].after_minutes)
