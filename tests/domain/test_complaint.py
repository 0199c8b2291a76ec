"""A complaint's way: taken in, assigned, consulted about, signed by each department, answered, rated, closed."""

from datetime import date

import pytest

from domain import catalogue
from domain.assessment import events as ae
from domain.complaint import COMPLAINT
from domain.complaint import commands as c
from domain.complaint import events as e
from domain.complaint.state import OPEN
from domain.fine_shares import Liable
from domain.kernel import Cause, Refusal
from domain.penalty_ledger import totals
from tests.domain import story, story_service
from tests.domain.complaint_given import (
    ASSISTANT,
    CLERK,
    DIRECTOR,
    FINANCE,
    JOINT,
    PROJECT,
    RECEIPT,
    SALES,
    Case,
    anonymous,
    at,
    lodge,
    of,
)
from tests.domain.story_service import COMPLAINT as STREAM
from tests.domain.world import World

UPHOLD = c.UpholdComplaint(project_id=PROJECT, month="2026-04", item_code="hygiene.corridors", note="查实")


def in_status(status):
    """A complaint in a status."""
    case = Case()
    ways = {
        "lodged": lambda: None,
        "assigned": case.assign,
        "working": case.work,
        "proposed": lambda: (case.work(), case.send(c.ProposeSolution(solution="三日内交付"))),
        "signed": lambda: (case.work(), case.sign_all()),
        "answered": case.answered,
        "settled": lambda: (case.answered(), case.send(c.SettleComplaint())),
        "withdrawn": lambda: case.send(c.WithdrawComplaint(reason="已解决")),
        "unfounded": lambda: (case.assign(), case.send(c.CloseUnfounded(reason="不属实"))),
    }
    ways[status]()
    assert case.state.status == status
    return case


ALLOWED = [
    (c.AssignComplaint(responsible=CLERK, joint=JOINT), OPEN),
    (c.StartWork(), {"assigned"}),
    (c.RecordProgress(note="已联系"), {"working", "proposed", "signed", "answered"}),
    (c.ConsultDepartment(department="工程部", note="请说明"), {"assigned", "working"}),
    (c.EscalateComplaint(reason="涉及赔偿"), {"assigned", "working"}),
    (c.ProposeSolution(solution="三日内交付"), {"working"}),
    (c.SignByDepartment(department=SALES), {"proposed"}),
    (c.AnswerCustomer(answer="三日内交付"), {"signed"}),
    (c.PromiseDate(promised_for=date(2026, 4, 9), told_how="电话"), OPEN),
    (c.PauseComplaint(reason="等客户"), OPEN),
    (c.SettleComplaint(), {"answered"}),
    (c.RateComplaint(score=5), {"answered", "settled"}),
    (c.ReopenComplaint(reason="未交付"), {"settled", "unfounded"}),
    (c.WithdrawComplaint(reason="已解决"), OPEN),
    (c.CloseUnfounded(reason="不属实"), {"assigned", "working"}),
    (UPHOLD, {"working", "proposed", "signed", "answered", "settled"}),
]


@pytest.mark.clause("R11.2.1")
@pytest.mark.parametrize("status", COMPLAINT.statuses)
@pytest.mark.parametrize(("command", "statuses"), ALLOWED, ids=[type(command).__name__ for command, _ in ALLOWED])
def test_each_command_has_the_statuses_in_which_it_is_answered(command, statuses, status):
    """Elsewhere it is refused, and the refusal says in which status the complaint is."""
    case = in_status(status)
    if status in statuses:
        assert case.send(command)
    else:
        refusal = case.refuse(command)
        assert (refusal.code, refusal.details["status"]) == ("wrong_status", status)


@pytest.mark.clause("R11.2.1")
def test_the_form_says_what_whom_and_by_when():
    """The event holds kind with its names, day, limit, first level, readings and rules."""
    (lodged,) = Case(lodge(SALES, FINANCE, SALES, place="售楼大厅")).events
    assert (lodged.kind, lodged.kind_zh, lodged.kind_en) == ("contract", "合同与手续", "Contracts and formalities")
    assert (lodged.departments, lodged.place) == ((SALES, FINANCE), "售楼大厅")
    assert (lodged.lodged_on, lodged.lodged_by, lodged.rule_version) == (date(2026, 4, 8), CLERK, 1)
    assert lodged.readings["R11.2.1.rest_day"] == "next_working_day"


@pytest.mark.clause("R11.2.1")
def test_a_kind_the_rules_do_not_know_is_refused():
    """So that complaints can be counted by kind."""
    with pytest.raises(Refusal) as caught:
        Case(c.LodgeComplaint(complainant="staff", kind="weather", subject="雨", description="下雨"))
    assert (caught.value.code, caught.value.field) == ("kind_unknown", "kind")


@pytest.mark.clause("R11.2.2")
@pytest.mark.parametrize(
    ("joint", "code"),
    [
        (JOINT[:1], "joint_roles_differ"),
        ((*JOINT, Liable("finance", CLERK)), "joint_roles_differ"),
        ((JOINT[0], Liable("director_assistant", DIRECTOR)), "one_person_twice"),
        ((JOINT[0], Liable("director_assistant", CLERK)), "one_person_twice"),
    ],
)
def test_an_assignment_names_each_liable_role_once(joint, code):
    """One person for each role of the rules, and nobody twice."""
    assert Case().refuse(c.AssignComplaint(responsible=CLERK, joint=joint)).code == code


@pytest.mark.clause("R11.2.2")
def test_another_assignment_says_who_was_responsible_before():
    """Whoever is responsible when the limit passes is fined."""
    case = Case()
    case.work()
    joint = (JOINT[0], Liable("director_assistant", CLERK))
    (assigned,) = case.send(c.AssignComplaint(responsible=ASSISTANT, joint=joint))
    assert (assigned.previous, case.state.status) == (CLERK, "working")
    case.until(at(4, 9))
    assert of(case.events, e.ComplaintFined)[0].shares[0].person == ASSISTANT


def test_a_department_is_asked_answers_and_may_become_concerned():
    """As one concerned it is to sign; asked twice without an answer it is not."""
    case = Case()
    case.work()
    ask = c.ConsultDepartment(department="工程部", note="请说明")
    case.send(ask)
    assert case.state.departments == (SALES, FINANCE, "工程部")
    assert case.refuse(ask).code == "asked_already"
    reply = c.ReplyToConsultation(department="工程部", reply="已核实")
    case.send(reply)
    assert case.refuse(reply).code == "not_asked"
    case.send(c.ConsultDepartment(department="法务部", note="请说明", concerned=False))
    assert "法务部" not in case.state.departments


@pytest.mark.clause("R11.2.4")
def test_each_department_concerned_signs_and_only_then_is_the_customer_answered():
    """Neither one alone, nor a foreign one, nor one twice."""
    case = Case()
    case.work()
    case.send(c.ProposeSolution(solution="三日内交付"))
    assert case.refuse(c.SignByDepartment(department="后勤处")).code == "department_not_concerned"
    (first,) = case.send(c.SignByDepartment(department=FINANCE))
    assert (first.complete, first.signed_by) == (False, CLERK)
    assert case.refuse(c.SignByDepartment(department=FINANCE)).code == "signed_already"
    assert case.refuse(c.AnswerCustomer(answer="好")).code == "wrong_status"
    (last,) = case.send(c.SignByDepartment(department=SALES))
    assert (last.complete, case.state.status) == (True, "signed")


@pytest.mark.clause("R11.2.4")
def test_a_declined_solution_is_made_anew_and_signed_by_all_again():
    """What was signed was another solution."""
    case = Case()
    case.work()
    case.send(c.ProposeSolution(solution="三日内交付"), c.SignByDepartment(department=SALES))
    case.send(c.SignByDepartment(department=FINANCE, agrees=False, comment="太急"))
    assert (case.state.status, case.state.signatures) == ("working", {})
    case.send(c.ProposeSolution(solution="五日内交付"))
    assert case.state.to_sign == (SALES, FINANCE)


@pytest.mark.clause("R11.2.4")
def test_without_a_department_concerned_nothing_is_proposed():
    """Nobody could sign it."""
    case = Case(anonymous())
    case.work()
    assert case.refuse(c.ProposeSolution(solution="道歉")).code == "no_department"


@pytest.mark.parametrize("command", [c.ProposeSolution(solution="好"), c.EscalateComplaint(reason="难")])
def test_while_the_customer_is_waited_for_work_does_not_go_on(command):
    """It is resumed first."""
    case = Case()
    case.work()
    case.send(c.PauseComplaint(reason="等客户"))
    assert case.refuse(command).code == "complaint_paused"
    assert case.refuse(c.PauseComplaint(reason="等客户")).code == "paused_already"
    case.send(c.ResumeComplaint(), command)
    assert case.refuse(c.ResumeComplaint()).code == "not_paused"


def test_a_complaint_is_rated_once_and_on_the_rules_scale():
    """Five is the best."""
    case = in_status("answered")
    assert case.refuse(c.RateComplaint(score=6)).code == "rating_out_of_range"
    (rated,) = case.send(c.RateComplaint(score=5))
    assert (rated.score, rated.best) == (5, 5)
    assert case.refuse(c.RateComplaint(score=1)).code == "rated_already"


def test_a_complaint_is_reopened_for_as_long_as_the_rules_say():
    """Thirty days, rolled to a working day, and not one second longer."""
    case = in_status("settled")
    case.until(at(5, 8, 23, 59, 59))
    assert case.send(c.ReopenComplaint(reason="未交付"))
    case = in_status("settled")
    case.until(at(5, 9, 0))
    assert case.refuse(c.ReopenComplaint(reason="未交付")).code == "too_late_to_reopen"


@pytest.mark.clause("R0.3")
def test_an_anonymous_complaint_keeps_no_person_and_no_hour():
    """Two complaints of one day, hours apart and by other hands, leave the same event."""
    early, late = (Case(anonymous(), now=now).events for now in (at(4, 8, 8), at(4, 8, 22, 45)))
    assert early == late
    (lodged,) = early
    assert (lodged.lodged_at, lodged.lodged_by, lodged.lodged_on) == (None, None, date(2026, 4, 8))


@pytest.mark.clause("R0.3")
def test_the_receipt_alone_adds_and_rates():
    """A wrong, an expired and a foreign receipt are answered alike, as if there were no complaint."""
    case = Case(anonymous())
    (added,) = case.send(c.AddByReceipt(receipt_hash=RECEIPT, text="当天下午"), person=None)
    assert added == e.InformationAdded(text="当天下午", added_on=date(2026, 4, 8))
    wrong = case.refuse(c.AddByReceipt(receipt_hash="cd" * 32, text="x"), person=None)
    none = Case().refuse(c.AddByReceipt(receipt_hash=RECEIPT, text="x"), person=None)
    case.skip(days=370)
    expired = case.refuse(c.AddByReceipt(receipt_hash=RECEIPT, text="x"), person=None)
    assert {str(wrong), str(none), str(expired)} == {"not_found: There is no such complaint."}


@pytest.mark.clause("R14.2.3")
def test_a_complaint_counts_in_one_month_until_it_is_overturned():
    """Under a reference of its own each time, and only against the project it is about."""
    case = Case(lodge(project_id=PROJECT))
    case.work()
    (first,) = case.send(UPHOLD)
    assert case.refuse(UPHOLD).code == "upheld_already"
    assert case.refuse(c.CloseUnfounded(reason="不属实")).code == "upheld"
    case.send(c.OverturnUpheld(reason="误认"))
    assert case.refuse(c.OverturnUpheld(reason="误认")).code == "not_upheld"
    (again,) = case.send(UPHOLD)
    assert again.complaint_ref == f"{first.complaint_ref}#2"
    other = Case(lodge(project_id=CLERK))
    other.work()
    assert other.refuse(UPHOLD).code == "other_project"


@pytest.fixture
def office():
    """A world with an assessed project and a complaint that is worked on."""
    world = World()
    story.organise(world)
    story.adopt_rules(world)
    story.register(world)
    story_service.adopt(world)
    story.failed_month(world, "2026-03")
    world.send("complaint", STREAM, story_service.lodged(SALES, FINANCE, project_id=story.PROJECT))
    world.send("complaint", STREAM, c.AssignComplaint(responsible=story_service.CLERK, joint=story_service.JOINT))
    world.send("complaint", STREAM, c.StartWork())
    return world


def resent(world):
    """Send all that the reactions ever sent for complaints once more; what that adds."""
    before = len(world.log)
    for position, (noun, stream, version, event) in enumerate(tuple(world.log), 1):
        if noun != "complaint":
            continue
        cause = Cause(stream_id=stream, stream_version=version, position=position)
        for reaction in catalogue.reactions_to(type(event)):
            for dispatch in reaction.answer(event, cause, world.left(noun, stream, version)):
                try:
                    world.send(dispatch.noun, dispatch.stream_id, dispatch.command, "system", None)
                except Refusal as refusal:
                    assert refusal.code in {"complaint_counted", "complaint_overturned", "already_exists"}  # noqa: PT017 - either or none
    return world.log[before:]


@pytest.mark.clause("R14.2.3")
def test_an_upheld_complaint_deducts_in_the_projects_month_once_and_is_taken_back(office):
    """The month is scored anew each time, and running the reactions twice changes nothing."""
    month = story.assessment_of("2026-03")
    uphold = c.UpholdComplaint(
        project_id=story.PROJECT, month="2026-03", item_code=story.item_code(office), note="查实"
    )
    office.send("complaint", STREAM, uphold)
    (counted,) = [
        event for _, stream, _, event in office.log if stream == month and isinstance(event, ae.ComplaintUpheld)
    ]
    assert (counted.complaint_ref, counted.clause) == (str(STREAM), "R14.2.3")
    assert office.state("assessment", month).revision == 2
    assert resent(office) == []
    office.send("complaint", STREAM, c.OverturnUpheld(reason="误认"))
    assert office.state("assessment", month).complaints[str(STREAM)].overturned
    assert resent(office) == []


@pytest.mark.clause("R11.2.2")
def test_the_fine_reaches_the_ledgers_of_all_who_answer_for_it_once(office):
    """A hundred and twice fifty, the joint entries naming their role and the responsible person's entry."""
    office.pass_to(2026, 3, 10)
    people = (story_service.CLERK, story_service.DIRECTOR, story_service.ASSISTANT)
    ledgers = [office.state("penalty_ledger", story_service.ledger_of(person)) for person in people]
    assert [totals(ledger).owed_fen for ledger in ledgers] == [10_000, 5_000, 5_000]
    entries = [next(iter(ledger.entries.values())) for ledger in ledgers]
    assert [entry.joint_role for entry in entries] == [None, "sales_director", "director_assistant"]
    assert {entry.principal_key for entry in entries[1:]} == {entries[0].entry_key}
    assert {(entry.clause, entry.act, entry.period) for entry in entries} == {
        ("R11.2.2", f"complaint:{STREAM}:late", "2026-03")
    }
    assert resent(office) == []
