"""Daily sheets of departments: a duty each working day, problems followed up, submitted at the month's start."""

from datetime import date, timedelta

import pytest

from domain.duty.commands import CreditDuty
from domain.duty.events import DutyMet, DutyMissed
from domain.kernel import Refusal
from domain.nonconformity.events import NonconformityRaised
from domain.quality_sheet import messages as q
from domain.quality_sheet.handlers import nonconformity_id
from domain.rule_book import messages as r
from domain.rules.r15_parts import Item
from domain.service_department import messages as s
from tests.domain import quality_given as given
from tests.domain.world import BOOKS, PEOPLE, World


def registered():
    """A world in which the department checks itself from Monday 2 March 2026 on."""
    world = World()
    given.adopt(world)
    given.register(world)
    return world


def ended(world, kind):
    """How the windows of a duty of the department ended: (last day, met)."""
    return [
        (event.window.last_on, isinstance(event, DutyMet))
        for _, stream, _, event in world.log
        if stream == given.duty(kind) and isinstance(event, DutyMet | DutyMissed)
    ]


def refused(world, command, person=given.KEEPER):
    """The code with which March's sheets refuse a command."""
    with pytest.raises(Refusal) as caught:
        world.send("quality_sheet", given.sheets("2026-03"), command, person=person)
    return caught.value.code


@pytest.mark.clause("R15.5.1.3.1")
def test_a_sheet_is_owed_every_working_day():
    """Met by the day's sheet, missed without; a weekend owes none."""
    world = registered()
    given.file(world)
    world.pass_to(2026, 3, 6)
    given.file(world)
    world.pass_to(2026, 3, 10)
    assert ended(world, "sheet") == [
        (date(2026, 3, 2), True),
        (date(2026, 3, 3), False),
        (date(2026, 3, 4), False),
        (date(2026, 3, 5), False),
        (date(2026, 3, 6), True),
        (date(2026, 3, 9), False),
    ]


@pytest.mark.clause("R15.5.1.3.1")
def test_by_the_other_reading_rest_days_owe_sheets_too():
    """The department takes the reading over with the rules; from then on the weekend's windows are missed too."""
    world = registered()
    changes = r.DraftVersion(changes={"rest_day": "counts"}, note="全周")
    world.send("rule_book", BOOKS["R15"], changes, person=PEOPLE[0])
    publish = r.PublishVersion(version=2, effective_from=date(2026, 3, 3))
    world.send("rule_book", BOOKS["R15"], publish, person=PEOPLE[1])
    world.pass_to(2026, 3, 6)
    (event,) = world.send("service_department", given.DEPARTMENT, s.ApplyRules())
    assert (len(event.changed), event.rule_version) == (2, 2)
    world.pass_to(2026, 3, 9)
    assert [day for day, _ in ended(world, "sheet")][-2:] == [date(2026, 3, 7), date(2026, 3, 8)]


@pytest.mark.clause("R15.5.1.3.1")
def test_a_sheet_filed_on_a_later_day_does_not_meet_the_duty():
    """It is kept as late; neither its own day nor the day of filing is met by it."""
    world = registered()
    world.pass_to(2026, 3, 3)
    (event,) = given.file(world, day=date(2026, 3, 2))
    world.pass_to(2026, 3, 4)
    assert event.late
    assert ended(world, "sheet") == [(date(2026, 3, 2), False), (date(2026, 3, 3), False)]


@pytest.mark.clause("R15.5.1.3.1")
@pytest.mark.parametrize("overtaken", [False, True])
def test_a_sheet_filed_just_before_its_head_hands_over_meets_the_duty(overtaken):
    """The new head's taking over is recorded first, and answered before or after the filing: the old one filed it."""
    world = registered()
    reacted = world.reacted
    world.reacted = len(world.log) + 1_000
    revise = s.ReviseDepartment(name="客服部", head=given.OTHER)
    world.send("service_department", given.DEPARTMENT, revise)
    if not overtaken:
        given.file(world)
    filed_at, world.reacted = world.now, reacted
    world.now += timedelta(minutes=1)
    world.send("service_department", given.DEPARTMENT, s.ApplyRules())
    if overtaken:
        credit = CreditDuty(at=filed_at, by=given.HEAD, source="quality_sheet:told late")
        world.send("duty", given.duty("sheet"), credit, "system", None)
    [met] = [event for *_, event in world.log if isinstance(event, DutyMet)]
    assert (met.holder.person, met.performed_by, met.performed_at) == (given.HEAD, given.HEAD, filed_at)
    assert world.state("duty", given.duty("sheet")).holder.person == given.OTHER


@pytest.mark.clause("R15.5.1.3.1")
def test_what_a_former_head_does_afterwards_meets_no_duty():
    """A second after the handing over it is no longer his."""
    world = registered()
    world.send("service_department", given.DEPARTMENT, s.ReviseDepartment(name="客服部", head=given.OTHER))
    credit = CreditDuty(at=world.now + timedelta(seconds=1), by=given.HEAD, source="quality_sheet:none")
    assert world.send("duty", given.duty("sheet"), credit, "system", None) == ()


@pytest.mark.clause("R15.5.1.3.1")
def test_missing_sheets_go_up():
    """The quality department is told of the first, the general manager of the third in a row."""
    world = registered()
    world.pass_to(2026, 3, 5)
    missed = [event for *_, event in world.log if isinstance(event, DutyMissed)]
    assert [event.escalation.role for event in missed if event.escalation] == ["quality_department", "general_manager"]


@pytest.mark.clause("R15.5.1.3.1")
def test_a_problem_is_corrected_at_once_or_becomes_a_nonconformity():
    """Two failing items of one sheet: the one raised names the sheets as its source, the other is corrected."""
    world = registered()
    given.file(world, "safety", handling="corrected")
    world.pass_to(2026, 3, 3)
    (event,) = given.file(world, "safety")
    raised = [event for *_, event in world.log if isinstance(event, NonconformityRaised)]
    assert [(one.clause, one.source_noun, one.source_id) for one in raised] == [
        ("R15.5.1.3.1", "quality_sheet", given.sheets("2026-03"))
    ]
    issue = nonconformity_id(given.sheets("2026-03"), date(2026, 3, 3), "safety")
    assert event.raised[0].nonconformity_id == issue
    assert world.state("nonconformity", issue).status == "open"


@pytest.mark.clause("R15.5.1.3.1")
def test_an_amended_sheet_raises_what_was_not_raised_before():
    """What was raised stays raised, once."""
    world = registered()
    given.file(world, "safety")
    amend = q.AmendSheet(day=date(2026, 3, 2), results=given.results("safety", "site"), reason="漏填")
    (event,) = world.send("quality_sheet", given.sheets("2026-03"), amend, person=given.HEAD)
    assert [one.item for one in event.raised] == ["site"]
    assert (event.problems, str(event.percent)) == (2, "60.00")


@pytest.mark.clause("R15.5.1.3.1")
def test_a_sheet_has_one_result_for_every_item():
    """Missing, unknown and doubled items are refused, and so are problems that nobody handles."""
    world = registered()
    whole = given.results()
    day = date(2026, 3, 2)
    for results, code in (
        (whole[1:], "items_missing"),
        ((*whole, q.Result(item="roof", grade="conforming")), "not_an_item"),
        ((*whole, whole[0]), "not_an_item"),
        ((q.Result(item="standard", grade="fair"), *whole[1:]), "not_a_grade"),
        ((q.Result(item="standard", grade="minor", note="迟到"), *whole[1:]), "handling_senseless"),
        ((q.Result(item="standard", grade="conforming", handling="corrected"), *whole[1:]), "handling_senseless"),
        ((q.Result(item="standard", grade="minor", handling="nonconformity"), *whole[1:]), "problem_untold"),
        (
            (q.Result(item="standard", grade="minor", note="迟到", handling="corrected"), *whole[1:]),
            "correction_untold",
        ),
    ):
        assert refused(world, q.FileSheet(day=day, results=results)) == code


@pytest.mark.clause("R15.5.1.3.1")
def test_the_department_alone_keeps_its_sheets_day_by_day():
    """Others are turned away; a day is filed once, and not before it comes."""
    world = registered()
    sheet = q.FileSheet(day=date(2026, 3, 2), results=given.results())
    assert refused(world, sheet, given.OTHER) == "not_a_keeper"
    assert refused(world, q.FileSheet(day=date(2026, 3, 3), results=given.results())) == "not_a_day_of_it"
    given.file(world)
    assert refused(world, sheet) == "filed_already"
    amend = q.AmendSheet(day=date(2026, 3, 1), results=given.results(), reason="补")
    assert refused(world, amend) == "no_such_sheet"


@pytest.mark.clause("R15.5.1.3.2")
def test_last_months_sheets_are_owed_by_the_third_working_day():
    """In time they meet the duty; the figures are those of the sheets."""
    world = registered()
    given.file(world, "safety")
    assert refused(world, q.SubmitSheets()) == "month_not_over"
    world.pass_to(2026, 4, 2)
    (event,) = world.send("quality_sheet", given.sheets("2026-03"), q.SubmitSheets(), person=given.HEAD)
    assert (event.filed, event.problems, event.raised, str(event.percent)) == (1, 1, 1, "80.00")
    assert (event.submit_by, event.late) == (date(2026, 4, 3), False)
    assert ended(world, "submission") == [(date(2026, 4, 3), True)]
    assert refused(world, q.FileSheet(day=date(2026, 3, 3), results=given.results())) == "wrong_status"


@pytest.mark.clause("R15.5.1.3.2")
def test_late_sheets_are_a_lapse_and_are_submitted_all_the_same():
    """The window ends with the third working day of April."""
    world = registered()
    world.pass_to(2026, 4, 9)
    (event,) = world.send("quality_sheet", given.sheets("2026-03"), q.SubmitSheets(), person=given.HEAD)
    assert (event.late, event.filed, event.percent) == (True, 0, None)
    assert ended(world, "submission") == [(date(2026, 4, 3), False)]


@pytest.mark.clause("R15.5.1.3.1")
def test_each_month_has_sheets_of_its_own():
    """They begin with the month, under the rules and with the people of then."""
    world = registered()
    revise = s.ReviseDepartment(name="客户服务部", head=given.OTHER)
    world.send("service_department", given.DEPARTMENT, revise)
    assert refused(world, q.FileSheet(day=date(2026, 3, 2), results=given.results())) == "not_a_keeper"
    assert world.state("duty", given.duty("sheet")).holder.person == given.OTHER
    world.pass_to(2026, 4, 1)
    state = world.state("quality_sheet", given.sheets("2026-04"))
    assert (state.status, state.frame.department, state.frame.head) == ("open", "客户服务部", given.OTHER)


@pytest.mark.clause("R15.5.1.3.2", "R15.5.1.3.3")
def test_the_department_that_compiles_owes_the_reports_too():
    """By the fifth working day of each month, and by the fifteenth of the year."""
    world = World()
    given.adopt(world)
    given.register(world, compiles=True)
    assert world.state("duty", given.duty("report")).window.last_on == date(2026, 4, 7)
    assert world.state("duty", given.duty("annual")).window.first_on == date(2027, 1, 1)
    assert world.state("duty", given.duty("report")).holder.role == "quality_department"


@pytest.mark.clause("R15.5.1.3.1")
def test_a_department_may_check_items_of_its_own():
    """They stand in the place of the rules' items, in the sheets of each month."""
    world = World()
    given.adopt(world)
    own = (Item(code="phones", zh="电话接听", en="Telephones"),)
    given.register(world, items=own)
    sheet = q.FileSheet(day=date(2026, 3, 2), results=(q.Result(item="phones", grade="conforming"),))
    (event,) = world.send("quality_sheet", given.sheets("2026-03"), sheet, person=given.KEEPER)
    assert str(event.percent) == "100.00"
    world.pass_to(2026, 4, 1)
    assert world.state("quality_sheet", given.sheets("2026-04")).frame.items == own


@pytest.mark.clause("R15.5.1.3.1")
def test_a_closed_department_owes_nothing():
    """Its duties end, and it turns no more months."""
    world = registered()
    world.send("service_department", given.DEPARTMENT, s.CloseDepartment(reason="撤并"))
    world.pass_to(2026, 4, 9)
    assert ended(world, "sheet") == []
    assert ("quality_sheet", given.sheets("2026-04")) not in world.states
    with pytest.raises(Refusal):
        world.send("service_department", given.DEPARTMENT, s.ApplyRules())


def test_a_department_begins_soon_and_names_each_item_once():
    """A day too far ahead and a code that stands twice are refused."""
    world = World()
    given.adopt(world)
    with pytest.raises(Refusal) as caught:
        given.register(world, begins_on=date(2026, 6, 1))
    assert caught.value.code == "begins_out_of_bounds"
    items = world.context(None).rules["R15"][0].values.sheet_items
    with pytest.raises(Refusal) as caught:
        given.register(world, items=items[:1] * 2)
    assert caught.value.code == "code_twice"
