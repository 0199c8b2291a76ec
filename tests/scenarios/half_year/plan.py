"""Half a year in two organisations, drawn with a seed: who does what to which complaint or case, and when."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec

from domain.complaint import commands as c
from domain.fine_shares import Liable
from domain.kernel import Command, State, derived_id
from domain.organisation.messages import ProvisionOrganisation
from domain.property_project.commands import OpenMonth, RegisterProject
from domain.rule_book.messages import AdoptPack
from domain.rules.r14 import default_values
from tests.scenarios.half_year import cases
from tests.scenarios.half_year.deeds import DIRECTOR, HOURS, ZONE, Deed, Made

FIRST, LAST = date(2026, 3, 2), date(2026, 8, 31)
ASSISTANT, ASSESSOR = UUID(int=0xD2), UUID(int=0xD3)
CLERKS = tuple(UUID(int=0xE0 + number) for number in range(6))
JOINT = (Liable("sales_director", DIRECTOR), Liable("director_assistant", ASSISTANT))
DEPARTMENTS = ("销售部", "财务部", "工程部")
MONTHS = tuple(f"2026-{month:02}" for month in range(3, 9))
REGULATIONS = ("R11", "R14", "R4")
ITEM = default_values().contents[0].items[0].code


class Plan(msgspec.Struct, frozen=True):
    """All deeds of one organisation in the order of time."""

    deeds: tuple[Deed, ...]


def half_year(tenant: UUID, seed: int, complaints: int, accountability: int) -> Plan:
    """The plan of one organisation; the same for the same tenant, seed and number."""
    chance = random.Random(f"{tenant}:{seed}")
    project = derived_id(tenant, "half-year", "project")
    deeds = list(_beginning(tenant, project))
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days - 40)]
    for number in range(complaints):
        stream = derived_id(tenant, "half-year", number)
        story = _Story(chance, stream, project, chance.choice(days))
        chance.choice(FATES)(story)
        deeds += story.deeds
    for number in range(accountability):
        deeds += cases.deeds_of(chance, derived_id(tenant, "half-year", "case", number), chance.choice(days))
    deeds.sort(key=lambda deed: deed.at)
    return Plan(deeds=tuple(deed for deed in deeds if deed.at.date() <= LAST))


def _beginning(tenant: UUID, project: UUID) -> Iterator[Deed]:
    begin = datetime.combine(FIRST, time(8), ZONE).astimezone(UTC)
    provision = ProvisionOrganisation(name="半年", admin_username="admin", admin_display_name="管理员")
    yield Deed(begin, "organisation", tenant, provision, "operator")
    for regulation in REGULATIONS:
        adopt = AdoptPack(regulation=regulation, effective_from=date(2026, 3, 1))
        yield Deed(begin, "rule_book", derived_id(tenant, "rule_book", regulation), adopt)
    register = RegisterProject(
        name="项目",
        contractor="物业公司",
        agreed_deposit_fen=10_000_000,
        contract_from=date(2026, 3, 1),
        contract_to=date(2027, 2, 28),
        starts_month=MONTHS[0],
    )
    yield Deed(begin, "property_project", project, register)
    for month in MONTHS:
        opened = max(begin, datetime.combine(date.fromisoformat(f"{month}-01"), time(8, 30), ZONE).astimezone(UTC))
        yield Deed(opened, "property_project", project, OpenMonth(month=month), person=ASSESSOR)


class _Story:
    """One complaint on its way: each call adds a deed at the moment that has been reached."""

    def __init__(self, chance: random.Random, stream: UUID, project: UUID, day: date) -> None:
        self.chance = chance
        self.stream = stream
        self.project = project
        self.day = day
        self.hour = chance.randrange(3)
        self.clerk = chance.choice(CLERKS)
        self.deeds: list[Deed] = []

    @property
    def at(self) -> datetime:
        """The moment that has been reached."""
        return datetime.combine(self.day, HOURS[self.hour], ZONE).astimezone(UTC)

    def do(self, *made: Made, kind: str = "member", person: UUID | None = DIRECTOR) -> None:
        """Do these, one after the other, at this moment."""
        self.deeds += [Deed(self.at, "complaint", self.stream, each, kind, person) for each in made]

    def later(self) -> None:
        """Later that day, or the next morning."""
        if self.hour + 1 < len(HOURS):
            self.hour += 1
        else:
            self.days(1)

    def days(self, number: int) -> None:
        """So many days on, in the morning or later."""
        self.day += timedelta(days=number)
        self.hour = self.chance.randrange(len(HOURS))

    def lodge(self, *departments: str) -> None:
        """Take it in and make a clerk responsible."""
        lodge = c.LodgeComplaint(
            complainant=self.chance.choice(("customer", "staff")),
            kind="contract",
            subject="手续迟缓",
            description="迟迟未办",
            project_id=self.project,
            departments=departments or DEPARTMENTS[:1],
        )
        self.do(lodge, c.AssignComplaint(responsible=self.clerk, joint=JOINT), c.StartWork())

    def settle(self) -> None:
        """Propose, have signed, answer, settle."""
        self.do(c.ProposeSolution(solution="补办"), _sign, _sign, _sign, c.AnswerCustomer(answer="已补办"))
        self.do(c.SettleComplaint())


def _sign(state: State) -> Command:
    """Sign for the department whose turn it is; once none is left, note that."""
    waiting = getattr(state, "to_sign", ())
    if getattr(state, "status", "") != "proposed" or not waiting:
        return c.RecordProgress(note="已会签")
    return c.SignByDepartment(department=waiting[0])


def _same_day(story: _Story) -> None:
    story.lodge()
    story.later()
    story.settle()
    story.do(c.RateComplaint(score=story.chance.randint(1, 5)))


def _next_days(story: _Story) -> None:
    story.lodge()
    story.days(story.chance.randint(1, 4))
    story.settle()


def _promised(story: _Story) -> None:
    story.lodge(*DEPARTMENTS[:2])
    ahead = story.chance.randint(2, 9)
    story.do(c.PromiseDate(promised_for=story.day + timedelta(days=ahead), told_how="电话"))
    story.days(story.chance.randint(1, ahead + 4))
    story.settle()


def _unattended(story: _Story) -> None:
    story.lodge()
    del story.deeds[1:]
    story.days(story.chance.randint(2, 6))
    story.do(c.AttributeLateness(responsible=story.clerk, joint=JOINT))
    story.do(c.AssignComplaint(responsible=story.clerk, joint=JOINT), c.StartWork())
    story.settle()


def _waits(story: _Story) -> None:
    story.lodge()
    story.do(c.PauseComplaint(reason="等客户材料"))
    story.days(story.chance.randint(1, 25))
    story.do(c.ResumeComplaint())
    story.settle()


def _unclear(story: _Story) -> None:
    story.lodge()
    story.do(c.EscalateComplaint(reason="涉及赔偿"), c.ProposeSolution(solution="赔"))
    story.later()
    story.do(c.InstructComplaint(instruction="自行决定"), person=story.clerk)
    story.do(c.InstructComplaint(instruction="依合同"))
    story.settle()


def _comes_back(story: _Story) -> None:
    _same_day(story)
    story.days(story.chance.randint(1, 40))
    story.do(c.ReopenComplaint(reason="未兑现"))
    story.days(story.chance.randint(0, 2))
    story.settle()


def _goes_away(story: _Story) -> None:
    story.lodge()
    story.later()
    story.do(story.chance.choice((c.WithdrawComplaint(reason="已解决"), c.CloseUnfounded(reason="查无实据"))))
    story.do(c.RecordProgress(note="已归档"))


def _anonymous(story: _Story) -> None:
    receipt = story.stream.hex * 2
    report = c.ReportAnonymously(receipt_hash=receipt, kind="conduct", subject="态度", description="态度恶劣")
    story.do(report, kind="ballot_link", person=None)
    story.later()
    story.do(c.AddByReceipt(receipt_hash=receipt, text="当天下午"), kind="ballot_link", person=None)
    story.do(c.AddByReceipt(receipt_hash="0" * 64, text="冒名"), kind="ballot_link", person=None)
    story.do(c.AssignComplaint(responsible=story.clerk, joint=JOINT), c.StartWork())
    story.do(c.ConsultDepartment(department=DEPARTMENTS[0], note="请说明"))
    story.settle()
    story.do(c.RateByReceipt(receipt_hash=receipt, score=2), kind="ballot_link", person=None)


def _upheld(story: _Story) -> None:
    story.lodge()
    month = f"{story.day:%Y-%m}"
    uphold = c.UpholdComplaint(project_id=story.project, month=month, item_code=ITEM, note="查实")
    story.do(uphold, uphold, person=ASSESSOR)
    story.settle()
    story.later()
    if story.chance.random() < 0.4:
        story.do(c.OverturnUpheld(reason="另有原因"))
        if story.chance.random() < 0.5:
            story.do(uphold, person=ASSESSOR)


def _forgotten(story: _Story) -> None:
    story.lodge()


FATES: tuple[Callable[[_Story], None], ...] = (
    _same_day,
    _same_day,
    _next_days,
    _promised,
    _promised,
    _unattended,
    _waits,
    _unclear,
    _comes_back,
    _goes_away,
    _anonymous,
    _upheld,
    _forgotten,
)
