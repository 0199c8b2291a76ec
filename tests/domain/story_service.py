"""The sales office's part of the story: complaints, fines, and what becomes of them in the ledgers."""

from datetime import date
from uuid import UUID

from domain import contact as k
from domain.complaint import commands as c
from domain.fine import messages as f
from domain.fine_shares import Liable
from domain.kernel import derived_id
from domain.penalty_ledger import commands as p
from domain.rule_book.messages import AdoptPack
from tests.domain.world import BOOKS, PEOPLE

CLERK, DIRECTOR, ASSISTANT, OFFICER = (UUID(int=number) for number in (11, 12, 13, 14))
JOINT = (Liable("sales_director", DIRECTOR), Liable("director_assistant", ASSISTANT))
LOST, LATE, HELP = (UUID(int=number) for number in (0xF1, 0xF2, 0xF3))
COMPLAINT, ANONYMOUS, WITHDRAWN, UNFOUNDED = (UUID(int=number) for number in (0xC1, 0xC2, 0xC3, 0xC4))
RECEIPT = "5a" * 32
SALES, FINANCE = "销售部", "财务部"


def ledger_of(person):
    """The stream of a person's ledger."""
    return derived_id("penalty_ledger", "person", str(person))


def adopt(world, effective_from=date(2026, 3, 1)):
    """Take over the shipped rules of customer service."""
    world.send("rule_book", BOOKS["R11"], AdoptPack(regulation="R11", effective_from=effective_from))


def lodged(*departments, **more):
    """A customer's complaint about a contract."""
    return c.LodgeComplaint(
        complainant="customer",
        kind="contract",
        subject="合同迟迟未办",
        description="签约两个月仍未拿到合同",
        departments=departments,
        **more,
    )


def complaints(world, project_id, item_code):
    """One complaint goes through everything, one is anonymous, one is withdrawn, one unfounded."""
    adopt(world)
    lodge = lodged(SALES, FINANCE, project_id=project_id, place="售楼大厅")
    world.send("complaint", COMPLAINT, lodge)
    contact = derived_id(COMPLAINT, "contact")
    world.send("contact", contact, k.KeepContact(complaint_id=COMPLAINT, name="王五", phone="010-1234567"))
    world.send("contact", contact, k.ReviseContact(name="王五", email="wang@example.org", reason="换号"))
    for command in (
        c.AssignComplaint(responsible=CLERK, joint=JOINT),
        c.StartWork(),
        c.RecordProgress(note="已联系律师"),
        c.ConsultDepartment(department="工程部", note="是否影响交付", concerned=False),
        c.ReplyToConsultation(department="工程部", reply="不影响"),
        c.EscalateComplaint(reason="涉及赔偿"),
        c.InstructComplaint(instruction="按合同办理"),
        c.PromiseDate(promised_for=date(2026, 7, 6), told_how="电话"),
    ):
        world.send("complaint", COMPLAINT, command)
    walk(world, COMPLAINT)
    world.send("complaint", COMPLAINT, c.RateComplaint(score=4))
    world.send("complaint", COMPLAINT, c.SettleComplaint())
    uphold = c.UpholdComplaint(project_id=project_id, month="2026-07", item_code=item_code, note="查实")
    world.send("complaint", COMPLAINT, uphold)
    world.send("complaint", COMPLAINT, c.OverturnUpheld(reason="重复"))
    report = c.ReportAnonymously(receipt_hash=RECEIPT, kind="conduct", subject="态度", description="态度恶劣")
    world.send("complaint", ANONYMOUS, report, "ballot_link", None)
    added = c.AddByReceipt(receipt_hash=RECEIPT, text="当天下午")
    world.send("complaint", ANONYMOUS, added, "ballot_link", None)
    world.send("complaint", ANONYMOUS, c.WriteToReporter(text="请补充时间"))
    for stream in (WITHDRAWN, UNFOUNDED):
        world.send("complaint", stream, lodged(SALES))
        world.send("complaint", stream, c.AssignComplaint(responsible=CLERK, joint=JOINT))
    world.send("complaint", WITHDRAWN, c.WithdrawComplaint(reason="已自行解决"))
    world.send("complaint", UNFOUNDED, c.CloseUnfounded(reason="未约定日期"))
    overdue(world)


def walk(world, stream):
    """A solution is declined, proposed again, signed by all, and answered after a pause."""
    world.send("complaint", stream, c.ProposeSolution(solution="三日内交付"))
    departments = world.state("complaint", stream).departments
    declined = c.SignByDepartment(department=departments[0], agrees=False, comment="太急")
    world.send("complaint", stream, declined)
    world.send("complaint", stream, c.ProposeSolution(solution="五日内交付"))
    for department in departments:
        world.send("complaint", stream, c.SignByDepartment(department=department))
    world.send("complaint", stream, c.PauseComplaint(reason="等客户确认"))
    world.send("complaint", stream, c.ResumeComplaint())
    world.send("complaint", stream, c.AnswerCustomer(answer="五日内交付"))


def overdue(world):
    """What is reopened and what is nobody's becomes late, the one fined at once, the other when attributed."""
    world.send("complaint", COMPLAINT, c.ReopenComplaint(reason="未交付"))
    world.pass_to(2026, 7, 7)
    world.send("complaint", ANONYMOUS, c.AttributeLateness(responsible=CLERK, joint=JOINT))
    for command in (
        c.AssignComplaint(responsible=CLERK, joint=JOINT),
        c.StartWork(),
        c.ConsultDepartment(department=SALES, note="请说明"),
    ):
        world.send("complaint", ANONYMOUS, command)
    walk(world, ANONYMOUS)
    rating = c.RateByReceipt(receipt_hash=RECEIPT, score=2)
    world.send("complaint", ANONYMOUS, rating, "ballot_link", None)
    world.send("complaint", COMPLAINT, c.PauseComplaint(reason="客户出差"))
    world.pass_to(2026, 7, 25)


def fined_people(world):
    """Fines of each ground are imposed, objected to, waived, paid, revoked."""
    day = world.context(None).today
    lost = f.ImposeFine(
        clause="R11.1.10", person=CLERK, joint=JOINT[:1], happened_on=day, matter="遗失合同一份", count=2
    )
    world.send("fine", LOST, lost, person=DIRECTOR)
    helped = f.ImposeFine(clause="R11.3", person=CLERK, joint=JOINT, happened_on=day, matter="展会缺岗")
    world.send("fine", HELP, helped, person=DIRECTOR)
    late = f.ImposeFine(
        clause="R11.1.13", person=CLERK, happened_on=day, matter="拖延", amount_fen=3_000, complaint_id=WITHDRAWN
    )
    world.send("fine", LATE, late, person=DIRECTOR)
    clerk, director = ledger_of(CLERK), ledger_of(DIRECTOR)
    own = {fine: f"{fine}:fine:responsible" for fine in (LOST, HELP, LATE)}
    world.send("penalty_ledger", clerk, p.ContestEntry(entry_key=own[LOST], reason="已找到一份"), person=CLERK)
    upheld = p.DecideContest(entry_key=own[LOST], upheld=True, reason="仍属遗失")
    world.send("penalty_ledger", clerk, upheld, person=OFFICER)
    world.send("penalty_ledger", clerk, p.SettleEntry(entry_key=own[LOST], reference="工资单-1"), person=OFFICER)
    world.send("penalty_ledger", clerk, p.WaiveEntry(entry_key=own[HELP], reason="初犯"), person=OFFICER)
    joint = f"{HELP}:fine:sales_director"
    world.send("penalty_ledger", director, p.SettleEntry(entry_key=joint, reference="工资单-2"), person=OFFICER)
    heavier(world, clerk)
    world.send("fine", LATE, f.RevokeFine(reason="查明另有原因"), person=OFFICER)


def heavier(world, ledger):
    """A heavier fine for the same act comes and goes, and with it the lighter one goes and comes."""
    key = "test:late"
    entry = p.IssueEntry(
        subject_kind="person",
        subject=str(CLERK),
        entry_key=key,
        kind="fine",
        amount_fen=10_000,
        clause="R11.2.2",
        rule_version=1,
        overlap="heavier",
        causes=(p.CauseRef(PEOPLE[0], 1),),
        act=f"complaint:{WITHDRAWN}:late",
    )
    world.send("penalty_ledger", ledger, entry, "system", None)
    gone = p.ReverseEntry(entry_key=key, reason="改判", causes=entry.causes)
    world.send("penalty_ledger", ledger, gone, "system", None)
