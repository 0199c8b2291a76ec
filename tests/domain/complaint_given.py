"""A complaint in memory, for tests: decided and folded as it goes, its deadlines fired at their time."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from domain.calendar import Calendar, statutory
from domain.complaint import COMPLAINT
from domain.complaint import commands as c
from domain.fine_shares import Liable
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r11 import default_values

HOLIDAYS, MAKEUP = statutory(2026)
CALENDAR = Calendar(holidays=HOLIDAYS, makeup_days=MAKEUP)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CLERK, DIRECTOR, ASSISTANT = (UUID(int=number) for number in (1, 2, 3))
JOINT = (Liable("sales_director", DIRECTOR), Liable("director_assistant", ASSISTANT))
STREAM, PROJECT = UUID(int=0xC), UUID(int=0xD)
SALES, FINANCE = "销售部", "财务部"
RECEIPT = "ab" * 32


def at(month, day, hour=9, minute=0, second=0):
    """An instant of 2026 on the office's clock."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


LODGED = at(4, 8)


def lodge(*departments, **more):
    """A customer's complaint."""
    return c.LodgeComplaint(
        complainant="customer",
        kind="contract",
        subject="合同未办",
        description="两个月未拿到合同",
        departments=departments or (SALES, FINANCE),
        **more,
    )


def anonymous():
    """A complaint without an account."""
    return c.ReportAnonymously(receipt_hash=RECEIPT, kind="conduct", subject="态度", description="态度恶劣")


class Case:
    """A complaint under the shipped rules with some values changed, lodged on Wednesday 8 April 2026 at nine."""

    def __init__(self, command=None, now=LODGED, later=None, calendar=CALENDAR, **values):
        first = replace(default_values(), **values)
        self.rules = [RuleVersion(1, date(2026, 1, 1), first)]
        if later is not None:
            self.rules.append(RuleVersion(2, later, replace(first, late_fine_fen=1, settle_days=9)))
        self.calendar = calendar
        self.now = now.astimezone(UTC)
        self.state = None
        self.events = []
        self.send(command or lodge())

    def context(self, person=CLERK):
        """What a decision of this moment sees."""
        return Context(
            actor=Actor(kind="member", id=person),
            now=self.now,
            calendar=self.calendar,
            rules={"R11": tuple(self.rules)},
            stream_id=STREAM,
        )

    def send(self, *commands, person=CLERK):
        """Decide and fold each, as stored and read back; the new events."""
        added = []
        for command in commands:
            new = COMPLAINT.decide(self.state, command, self.context(person))
            new = tuple(msgspec.json.decode(msgspec.json.encode(event), type=type(event)) for event in new)
            self.state = COMPLAINT.fold(self.state, new)
            added += new
        self.events += added
        return added

    def refuse(self, command, person=CLERK):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(command, person=person)
        return caught.value

    def until(self, instant):
        """Move on to an instant, firing what falls due on the way at its time; the new events."""
        target, fired = instant.astimezone(UTC), []
        while due := self.due(target):
            self.now = max(self.now, due.due_at)
            fired += self.send(due.command, person=None)
        self.now = target
        return fired

    def due(self, target):
        """The first deadline up to an instant."""
        owed = [deadline for deadline in COMPLAINT.deadlines(self.state) if deadline.due_at <= target]
        return min(owed, key=lambda deadline: deadline.due_at, default=None)

    def skip(self, **time):
        """Let time pass without any worker firing."""
        self.now += timedelta(**time)

    def assign(self):
        """Make the clerk responsible."""
        self.send(c.AssignComplaint(responsible=CLERK, joint=JOINT))

    def work(self):
        """Bring the complaint to where it is worked on."""
        self.assign()
        self.send(c.StartWork())

    def sign_all(self):
        """Propose a solution and have every department sign it."""
        self.send(c.ProposeSolution(solution="三日内交付"))
        self.send(*(c.SignByDepartment(department=each) for each in self.state.departments))

    def answered(self):
        """Bring the complaint to where it is answered."""
        self.work()
        self.sign_all()
        self.send(c.AnswerCustomer(answer="三日内交付"))


def of(events, kind):
    """Those events that are of a kind."""
    return [event for event in events if isinstance(event, kind)]
