"""An accountability case in memory, for tests: decided and folded as it goes, its deadlines fired at their time.

It is reported on Monday 14 September 2026 at nine. Ahead lie a Sunday and a Saturday on which people work (20
September, 10 October) and two holidays (25 September, 1 to 7 October).
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from msgspec.structs import replace

from domain.accountability import ACCOUNTABILITY_CASE
from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability.words import RespondentDetails, VerdictGiven
from domain.calendar import Calendar, statutory
from domain.kernel import Actor, Context, Refusal, RuleVersion
from domain.rules.r4 import default_values

HOLIDAYS, MAKEUP = statutory(2026)
CALENDAR = Calendar(holidays=HOLIDAYS, makeup_days=MAKEUP)
SHANGHAI = ZoneInfo("Asia/Shanghai")
REPORTER, OFFICE, GROUP, SECRETARY, LEAD, MEMBER, PERSONNEL = (UUID(int=number) for number in range(1, 8))
CLERK, BOSS, HEAD, OUTSIDER, ATTENDEE = (UUID(int=number) for number in range(11, 16))
STREAM, OTHER = UUID(int=0xAC), UUID(int=0xAD)
RECEIPT = "cd" * 32
GROUND = "works_and_purchasing"
TALK, WRITTEN, CIRCULATED, MOVED, OUT = (form.code for form in default_values().forms)


def at(month, day, hour=9, minute=0, second=0):
    """An instant of 2026 on the college's clock."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


REPORTED = at(9, 14)


def person(who, responsibility="direct", name=None):
    """A person as a respondent."""
    return RespondentDetails(kind="person", name=name or f"职工{who.int}", person=who, responsibility=responsibility)


def unit(code="logistics", head=HEAD):
    """A unit as a respondent."""
    return RespondentDetails(kind="unit", name="后勤处", unit=code, head=head, responsibility="unit")


def report(*respondents, **more):
    """A report in one's own name, of the clerk where nobody else is given."""
    return c.ReportMatter(
        matter="采购未招标", account="三次采购均未招标", respondents=respondents or (person(CLERK),), **more
    )


def anonymous():
    """A report without an account."""
    return c.ReportAnonymously(receipt_hash=RECEIPT, matter="脱岗", account="值班室无人")


class Case:
    """A case under the shipped rules with some values changed; ``later`` is when a version with other limits begins."""

    def __init__(
        self, command=None, *, now=REPORTED, later=None, calendar=CALENDAR, by=REPORTER, kind="member", **values
    ):
        first = replace(default_values(), **values)
        self.rules = [RuleVersion(1, date(2026, 1, 1), first)]
        if later is not None:
            limits = {name: 1 for name in first.__struct_fields__ if name.endswith("_days")}
            self.rules.append(RuleVersion(2, later, replace(first, **limits)))
        self.calendar = calendar
        self.now = now.astimezone(UTC)
        self.state = None
        self.events = []
        self.sent = 0
        self.send(by, command or report(), kind=kind)

    def context(self, who, kind="member"):
        """What a decision of this moment sees."""
        return Context(
            actor=Actor(kind=kind, id=who),
            now=self.now,
            calendar=self.calendar,
            rules={"R4": tuple(self.rules)},
            entropy=sha256(str(self.sent).encode()).digest(),
            stream_id=STREAM,
        )

    def send(self, who, *commands, kind="member"):
        """One person sends commands, each decided and folded as stored and read back; the new events."""
        added = []
        for command in commands:
            self.sent += 1
            new = ACCOUNTABILITY_CASE.decide(self.state, command, self.context(who, kind))
            new = tuple(msgspec.json.decode(msgspec.json.encode(event), type=type(event)) for event in new)
            self.state = ACCOUNTABILITY_CASE.fold(self.state, new)
            added += new
        self.events += added
        return added

    def refuse(self, who, command, kind="member"):
        """The refusal a command meets."""
        with pytest.raises(Refusal) as caught:
            self.send(who, command, kind=kind)
        return caught.value

    def until(self, instant):
        """Move on to an instant, firing what falls due on the way at its time; the new events."""
        target, fired = instant.astimezone(UTC), []
        while due := self.due(target):
            self.now = max(self.now, due.due_at.astimezone(UTC))
            fired += self.send(None, due.command, kind="system")
        self.now = target
        return fired

    def due(self, target):
        """The first deadline up to an instant."""
        owed = [deadline for deadline in ACCOUNTABILITY_CASE.deadlines(self.state) if deadline.due_at <= target]
        return min(owed, key=lambda deadline: deadline.due_at, default=None)

    @property
    def today(self):
        """The college's date."""
        return self.calendar.local_date(self.now)

    def id_of(self, who):
        """The respondent of a person, or of a unit's code."""
        wanted = str(who)
        return next(key for key, each in self.state.parties.items() if each.respondent.subject == wanted)

    def party(self, who=CLERK):
        """What became of a respondent."""
        return self.state.parties[self.id_of(who)]

    def verified(self):
        """Bring the case to where it waits for a proposal."""
        self.send(OFFICE, c.RecordVerification(founded=True, findings="属实", grounds=(GROUND,)))
        return self

    def proposed(self):
        """Bring the case before the leading group."""
        self.verified()
        self.send(OFFICE, c.ProposeAccountability(proposal="建议问责"))
        return self

    def initiated(self):
        """Have the case initiated."""
        self.proposed()
        self.send(GROUP, c.DecideInitiation(initiate=True, reason="应予追究"))
        return self

    def investigating(self):
        """Have a team investigate."""
        self.initiated()
        self.send(GROUP, c.FormTeam(members=(LEAD, MEMBER), leader=LEAD))
        return self

    def investigated(self):
        """Have the team report."""
        self.investigating()
        self.send(LEAD, c.SubmitInvestigationReport(report="查明属实"))
        return self

    def heard(self):
        """Have the leading group give its opinion."""
        self.investigated()
        self.send(GROUP, c.GiveOpinion(accountable=True, opinion="建议追究", hearing_report="事实清楚"))
        return self

    def decided(self, *verdicts):
        """Have the committee resolve: a talk for the clerk where nothing else is given."""
        self.heard()
        self.send(SECRETARY, resolution(*(verdicts or (self.verdict(),))))
        return self

    def served(self, *verdicts):
        """Have the decision served upon everybody held to account."""
        self.decided(*verdicts)
        for key, each in self.state.parties.items():
            if each.accountable:
                self.send(OFFICE, self.service(key))
        return self

    def verdict(self, who=CLERK, severity="minor", forms=(TALK,), **more):
        """A verdict that holds somebody to account."""
        return VerdictGiven(
            respondent_id=self.id_of(who),
            outcome="accountable",
            reason="未履行职责",
            severity=severity,
            forms=forms,
            **more,
        )

    def service(self, respondent_id, **more):
        """The service of the decision upon a respondent."""
        told = {"received_on": self.today, "received_by": "本人", "method": "in_person", "proof": "回证-1"}
        return a.ServeDecision(respondent_id=respondent_id, **{**told, "rights_stated": True, **more})

    def reviewed(self, outcome, verdict=None, who=CLERK, by=GROUP):
        """Have a review asked for and decided; the events of the decision."""
        key = self.id_of(who)
        if self.party(who).review is None:
            self.send(self.party(who).respondent.answering, a.RequestReview(respondent_id=key, reasons="不服"))
        decide = a.DecideReview(respondent_id=key, outcome=outcome, reason="经复核", verdict=verdict)
        return self.send(by, decide)

    def step(self, form, step, who=CLERK, done_on=None):
        """A step of execution."""
        return a.RecordExecution(
            respondent_id=self.id_of(who), form=form, step=step, done_on=done_on or self.today, note="已办"
        )


def resolution(*verdicts, attendees=(ATTENDEE,)):
    """A resolution of the party committee."""
    return c.Resolve(body="party_committee", attendees=attendees, verdicts=verdicts)


def of(events, kind):
    """Those events that are of a kind."""
    return [event for event in events if isinstance(event, kind)]
