"""A property project: months, streaks, corrections, the right to terminate, the tender priority, the lots."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion, derived_id
from domain.periods import first_day, last_day
from domain.property_project import PROPERTY_PROJECT
from domain.property_project import commands as c
from domain.property_project import events as e
from domain.property_project.consequences import Assessed, consequences
from domain.property_project.lots import draw, roster_digest
from domain.rules import r14

PROJECT = UUID(int=7)
MONTHS = ("2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
BANDS = {"E": "excellent", "Q": "qualified", "M": "marginal", "F": "failed"}
SCORES = {"excellent": "95", "qualified": "85", "marginal": "75", "failed": "60"}


class Case:
    """A project under given readings, whose commands are decided and folded as they come."""

    def __init__(self, **values):
        self.rules = replace(r14.default_values(), **values)
        self.events = []
        self.state = None
        self.now = datetime(2026, 12, 1, 1, tzinfo=UTC)
        self.send(
            c.RegisterProject(
                name="东校区",
                contractor="某物业公司",
                agreed_deposit_fen=10_000_000,
                contract_from=date(2026, 3, 1),
                contract_to=date(2027, 2, 28),
                starts_month="2026-03",
            )
        )

    def send(self, command, kind="member"):
        """Decide and fold; the new events."""
        context = Context(
            actor=Actor(kind=kind),
            now=self.now,
            calendar=Calendar(),
            rules={"R14": (RuleVersion(1, date(2026, 3, 1), self.rules),)},
            entropy=len(self.events).to_bytes(32),
            stream_id=PROJECT,
        )
        new = PROPERTY_PROJECT.decide(self.state, command, context)
        self.events += new
        self.state = PROPERTY_PROJECT.fold(self.state, new)
        return new

    def refuse(self, command, kind="member"):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(command, kind)
        return caught.value

    def record(self, month, band, revision=None):
        """Record a result, by default as the next revision of the month."""
        if month not in self.state.months:
            self.send(c.OpenMonth(month=month))
        standing = self.state.months[month].result
        number = revision or (1 if standing is None else standing.revision + 1)
        command = c.RecordMonthResult(
            month=month,
            assessment_id=derived_id(PROJECT, "assessment", month),
            revision=number,
            score=Decimal(SCORES[band]),
            band=band,
            vetoed=False,
            rule_version=1,
            source_version=10 + number,
        )
        return self.send(command, "system")

    def run(self, letters):
        """Record a band a month from March 2026 on, ``-`` for a month never assessed."""
        for month, letter in zip(MONTHS, letters, strict=False):
            if letter != "-":
                self.record(month, BANDS[letter])
        return self

    def of(self, kind):
        """The months of all events of a kind."""
        return [event.month for event in self.events if isinstance(event, kind)]


def test_a_month_opens_once_within_the_contract_and_not_ahead_of_time():
    """Each month of the contract that has begun, once."""
    case = Case()
    opened = case.send(c.OpenMonth(month="2026-03"))[0]
    assert (opened.assessment_id, opened.rule_version) == (derived_id(PROJECT, "assessment", "2026-03"), 1)
    assert case.refuse(c.OpenMonth(month="2026-03")).code == "month_opened"
    assert case.refuse(c.OpenMonth(month="2026-02")).code == "month_outside_contract"
    assert case.refuse(c.OpenMonth(month="2027-03")).code == "month_outside_contract"
    assert case.refuse(c.OpenMonth(month="2027-01")).code == "month_in_future"


@pytest.mark.clause("R14.6")
def test_no_month_is_assessed_before_the_rules_are_in_force():
    """A month that begins before the rules do can not be opened."""
    case = Case()
    case.state = replace(case.state, starts_month="2026-02", contract_from=date(2026, 2, 1))
    refusal = case.refuse(c.OpenMonth(month="2026-02"))
    assert (refusal.code, refusal.clause) == ("rules_not_adopted", "R14.6")


@pytest.mark.clause("R14.5.1")
def test_two_failing_months_in_a_row_order_a_correction():
    """The second failing month orders a correction with a last day that is a working day."""
    case = Case().run("F")
    assert case.of(e.CorrectionOrdered) == []
    ordered = next(event for event in case.record("2026-04", "failed") if isinstance(event, e.CorrectionOrdered))
    assert (ordered.month, ordered.streak, ordered.clause, ordered.rule_version) == ("2026-04", 2, "R14.5.1", 1)
    assert ordered.due_on == date(2026, 12, 16)
    assert ordered.due_at == datetime(2026, 12, 16, 16, tzinfo=UTC)
    assert ordered.readings["R14.5.1.streak"] == "failing"


@pytest.mark.clause("R14.5.1")
def test_a_correction_is_ordered_once_a_streak():
    """Further failing months of the streak order nothing new; a new streak does."""
    assert Case().run("FFFFQFF").of(e.CorrectionOrdered) == ["2026-04", "2026-09"]


@pytest.mark.clause("R14.5.1")
def test_an_ordered_correction_is_overdue_when_its_deadline_fires():
    """The deadline stands from the order on, fires once, and not early."""
    case = Case().run("FF")
    (deadline,) = PROPERTY_PROJECT.deadlines(case.state)
    assert case.refuse(deadline.command, "system").code == "not_due_yet"
    case.now = deadline.due_at
    assert [type(event) for event in case.send(deadline.command, "system")] == [e.CorrectionOverdue]
    assert PROPERTY_PROJECT.deadlines(case.state) == ()
    assert case.send(deadline.command, "system") == ()


@pytest.mark.clause("R14.5.1")
def test_a_confirmed_correction_is_no_longer_owed():
    """A person confirms it, once; the system can not."""
    case = Case().run("FF")
    confirm = c.ConfirmCorrection(month="2026-04", note="已整改")
    assert case.refuse(confirm, "system").code == "person_required"
    assert case.send(confirm)[0].resets_from is None
    assert PROPERTY_PROJECT.deadlines(case.state) == ()
    assert case.refuse(confirm).code == "correction_confirmed"
    assert case.refuse(c.ConfirmCorrection(month="2026-03")).code == "no_correction"


@pytest.mark.clause("R14.5.1")
@pytest.mark.parametrize(("reset", "streak"), [("passing_month", 3), ("passing_month_or_correction", 1)])
def test_a_completed_correction_resets_the_streak_where_the_reading_says_so(reset, streak):
    """Under one reading the third failing month continues the streak, under the other it begins one."""
    case = Case(streak_reset=reset).run("FF")
    case.now = datetime(2026, 5, 10, tzinfo=UTC)
    case.send(c.ConfirmCorrection(month="2026-04"))
    case.now = datetime(2026, 6, 1, tzinfo=UTC)
    assert case.record("2026-05", "failed")[0].streak == streak


@pytest.mark.clause("R14.5.1")
@pytest.mark.parametrize(
    ("readings", "months", "streak"),
    [
        ({}, "FMF", 2),
        ({"streak_counts": "below_standard"}, "FMF", 3),
        ({}, "FQF", 1),
        ({}, "FEF", 1),
        ({}, "F-F", 2),
        ({"streak_gap": "breaks"}, "F-F", 1),
        ({"streak_gap": "breaks"}, "FF", 2),
    ],
)
def test_a_streak_counts_by_the_readings(readings, months, streak):
    """Marginal months never reset a streak and count only where the reading says so; gaps skip or break."""
    assert Case(**readings).run(months).state.streak == streak


@pytest.mark.clause("R14.5.1")
def test_five_failing_months_give_the_right_and_only_a_person_uses_it():
    """The right arises with the fifth month; nothing terminates by itself."""
    case = Case().run("FFFF")
    assert case.refuse(c.TerminateContract(reason="连续不合格")).clause == "R14.5.1"
    case.record("2026-07", "failed")
    assert (case.state.right.month, case.state.status) == ("2026-07", "active")
    assert case.refuse(c.TerminateContract(reason="自动"), "system").code == "person_required"
    item = c.EquipmentItem(name="洗地机", disposition="retained")
    terminated, disposed = case.send(c.TerminateContract(reason="连续不合格", equipment=(item,)))
    assert (terminated.right_since, terminated.streak, disposed.items) == ("2026-07", 5, (item,))
    assert case.send(c.DisposeEquipment(items=(item,)))[0].items == (item,)
    assert case.state.equipment == (item, item)


@pytest.mark.clause("R14.5.1")
def test_the_right_lapses_when_the_streak_ends():
    """A passing month after the fifth takes the right away again."""
    case = Case().run("FFFFFQ")
    assert case.of(e.TerminationRightLapsed) == ["2026-07"]
    assert case.refuse(c.TerminateContract(reason="迟了")).code == "no_termination_right"


@pytest.mark.clause("R14.5.1")
def test_a_re_assessed_month_reverses_what_no_longer_holds():
    """With the third of five months re-assessed as qualified, the right lapses and the later pair orders anew."""
    case = Case().run("FFFFF")
    events = case.record("2026-05", "qualified")
    assert [type(event) for event in events] == [e.MonthRevised, e.CorrectionOrdered, e.TerminationRightLapsed]
    assert (events[0].streak, events[0].previous_band, events[1].month) == (2, "failed", "2026-07")


@pytest.mark.clause("R14.5.1")
def test_an_unfounded_correction_is_withdrawn():
    """A correction whose streak never was one is no longer owed."""
    case = Case().run("FF")
    case.record("2026-03", "qualified")
    assert case.of(e.CorrectionWithdrawn) == ["2026-04"]
    assert PROPERTY_PROJECT.deadlines(case.state) == ()


@pytest.mark.clause("R14.5.1")
def test_a_termination_whose_ground_is_lost_can_be_taken_back_by_a_person():
    """The ground is judged as of the termination; months recorded afterwards do not matter to it."""
    case = Case().run("FFFFF")
    case.send(c.OpenMonth(month="2026-08"))
    case.send(c.TerminateContract(reason="连续不合格"))
    case.record("2026-08", "qualified")
    assert not case.state.termination.ground_lost
    assert case.refuse(c.ReinstateContract(reason="无据")).code == "termination_stands"
    assert [type(event) for event in case.record("2026-05", "qualified")][-1] is e.TerminationGroundLost
    case.record("2026-05", "failed")
    assert isinstance(case.events[-1], e.TerminationGroundRestored)
    case.record("2026-05", "qualified")
    assert case.refuse(c.ReinstateContract(reason="系统"), "system").code == "person_required"
    events = case.send(c.ReinstateContract(reason="第三个月改判"))
    assert [type(event) for event in events][:1] == [e.ContractReinstated]
    assert (case.state.status, case.state.right, case.state.termination) == ("active", None, None)


@pytest.mark.clause("R14.5.2")
def test_an_excellent_month_marks_priority_in_the_next_tender():
    """The mark stands for each excellent month and falls with its re-assessment."""
    case = Case().run("EQE")
    assert case.state.tender_priority == ("2026-03", "2026-05")
    (_, withdrawn) = case.record("2026-03", "qualified")
    assert isinstance(withdrawn, e.TenderPriorityWithdrawn)
    assert case.state.tender_priority == ("2026-05",)


def test_a_result_is_recorded_once():
    """The same or an older revision changes nothing."""
    case = Case().run("F")
    assert case.record("2026-03", "failed", revision=1) == ()
    case.record("2026-03", "qualified", revision=3)
    assert case.record("2026-03", "failed", revision=2) == ()


def test_a_contract_ends_on_its_last_day_with_its_months_recorded():
    """Not before, and not over an open month without a reason."""
    case = Case().run("Q")
    assert case.refuse(c.EndContract()).code == "contract_runs"
    case.now = datetime(2027, 2, 28, 1, tzinfo=UTC)
    case.send(c.OpenMonth(month="2027-02"))
    assert case.refuse(c.EndContract()).details == {"months": ["2027-02"]}
    (ended,) = case.send(c.EndContract(despite_open_months="数据遗失"))
    assert ended.months_without_result == ("2027-02",)
    assert case.refuse(c.OpenMonth(month="2026-04")).code == "contract_ended"


@pytest.mark.parametrize("contract_to", [date(2026, 3, 1), date(2026, 2, 1), date(2090, 1, 1)])
def test_a_contract_has_its_days_in_order(contract_to):
    """It ends after it begins, within thirty years."""
    case = Case()
    assert case.refuse(c.ReviseProject(name="东", contractor="某", contract_to=contract_to)).code == "contract_period"


def people(count, prefix="T"):
    """A roster of so many people."""
    return tuple(c.Person(code=f"{prefix}{n:03}", name=f"人{n}") for n in range(count))


def with_rosters(staff, students):
    """A case with an opened March and two rosters."""
    case = Case()
    case.send(c.ReplaceRoster(group="staff", people=people(staff)))
    case.send(c.ReplaceRoster(group="students", people=people(students, "S")))
    case.send(c.OpenMonth(month="2026-03"))
    return case


@pytest.mark.clause("R14.4")
def test_ten_staff_and_twenty_students_are_drawn_and_can_be_drawn_again_from_the_record():
    """The event alone, with the rosters it names, reproduces the draw."""
    case = with_rosters(40, 90)
    (drawn,) = case.send(c.DrawRepresentatives(month="2026-03"))
    assert (len(drawn.staff), len(drawn.students), drawn.clause) == (10, 20, "R14.4")
    codes = [person.code for person in case.state.rosters["staff"].people]
    assert draw(drawn.seed, drawn.month, "staff", reversed(codes), 10) == drawn.staff
    assert drawn.staff_roster_sha256 == roster_digest((each.code, each.name) for each in people(40))


@pytest.mark.clause("R14.4")
def test_a_small_roster_is_taken_whole():
    """With fewer people than places everybody is drawn; with none nobody can be."""
    case = with_rosters(3, 20)
    (drawn,) = case.send(c.DrawRepresentatives(month="2026-03"))
    assert sorted(drawn.staff) == ["T000", "T001", "T002"]
    case.send(c.ReplaceRoster(group="staff", people=()))
    assert case.refuse(c.DrawRepresentatives(month="2026-03", reason="再抽")).code == "roster_missing"


@pytest.mark.clause("R14.4")
def test_lots_are_drawn_again_only_for_a_reason_and_before_the_result():
    """A draw stands unless somebody says why not, and never after the month is decided."""
    case = with_rosters(20, 30)
    seed = "00" * 16
    first = case.send(c.DrawRepresentatives(month="2026-03", seed=seed))[0]
    assert first.seed_given
    assert case.refuse(c.DrawRepresentatives(month="2026-03", seed=seed)).code == "already_drawn"
    again = case.send(c.DrawRepresentatives(month="2026-03", seed=seed, reason="名册有误"))[0]
    assert (again.staff, again.redraw_reason) == (first.staff, "名册有误")
    case.record("2026-03", "qualified")
    assert case.refuse(c.DrawRepresentatives(month="2026-03", reason="太迟")).code == "month_recorded"


@pytest.mark.clause("R14.4")
def test_a_roster_names_each_person_once():
    """The doubled codes are named."""
    refusal = Case().refuse(c.ReplaceRoster(group="staff", people=(*people(2), *people(1))))
    assert (refusal.field, refusal.details) == ("people", {"codes": ["T000"]})


@given(st.text("0123456789abcdef", min_size=16, max_size=32), st.sets(st.text("abc123", min_size=1)), st.integers(0, 9))
def test_a_draw_is_a_part_of_the_roster_whatever_its_order(seed, codes, n):
    """As many as asked for or all, no stranger, no one twice, and the order of the roster does not matter."""
    drawn = draw(seed, "2026-03", "staff", sorted(codes), n)
    assert len(drawn) == len(set(drawn)) == min(n, len(codes))
    assert set(drawn) <= codes
    assert drawn == draw(seed, "2026-03", "staff", sorted(codes, reverse=True), n)


bands = st.sampled_from(sorted(BANDS.values()))
readings = st.fixed_dictionaries(
    {
        "streak_counts": st.sampled_from(["failing", "below_standard"]),
        "streak_gap": st.sampled_from(["skips", "breaks"]),
        "streak_reset": st.sampled_from(["passing_month", "passing_month_or_correction"]),
        "correction_after": st.integers(1, 3),
        "termination_after": st.integers(1, 5),
    }
)
steps = st.lists(st.one_of(st.tuples(st.sampled_from(MONTHS), bands), st.just("confirm")), max_size=25)


def naive_streak(bands_by_month, rules):
    """The streak counted backwards from the last month, a second way to say the same."""
    months = sorted(bands_by_month)
    streak = 0
    for later, month in zip([None, *reversed(months)], reversed(months), strict=False):
        gap = later is not None and last_day(month) + timedelta(1) != first_day(later)
        if gap and rules.streak_gap == "breaks":
            break
        if bands_by_month[month] in {"qualified", "excellent"}:
            break
        streak += bands_by_month[month] == "failed" or rules.streak_counts == "below_standard"
    return streak


@pytest.mark.clause("R14.5.1", "R14.5.2")
@settings(max_examples=150, deadline=None)
@given(readings, steps)
def test_what_stands_equals_what_is_computed_from_scratch(values, sequence):
    """After any months, re-assessments and confirmations, nothing but the difference was ever written."""
    case = Case(**values)
    for step in sequence:
        if step == "confirm":
            if case.state.open_correction is not None:
                case.send(c.ConfirmCorrection(month=case.state.open_correction.month))
            continue
        case.record(*step)
        results = {month: each.result.band for month, each in case.state.months.items()}
        corrected = {
            each.month: each.resets_from for each in case.state.corrections.values() if each.resets_from is not None
        }
        found = consequences([Assessed(month, band, 1) for month, band in results.items()], {1: case.rules}, corrected)
        assert case.state.streak == found.latest.streak
        assert (case.state.right.month if case.state.right else None) == found.latest.right_since
        assert case.state.tender_priority == found.priorities
        owed = {each.month for each in case.state.corrections.values() if each.status != "confirmed"}
        assert owed <= set(found.corrections) <= set(case.state.corrections)
        assert corrected or case.state.streak == naive_streak(results, case.rules)
