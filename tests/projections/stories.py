"""Stories of two projects told at random: whatever is refused does not happen, and the story goes on."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from domain.assessment import commands as a
from domain.contract_deposit import commands as d
from domain.kernel import Refusal, derived_id
from domain.periods import first_day, next_month
from domain.property_project import commands as p
from tests.domain.story import adopt_rules, item_code, organise
from tests.domain.world import World

PROJECTS = (UUID(int=0xBB), UUID(int=0xCC))
SCORES = (Decimal(10), Decimal(75), Decimal("88.5"), Decimal(100))

STEPS = (
    *("open", "draw", "survey", "close", "submit", "pass_day", "pass_month"),
    *("staff_ballot", "student_ballot", "void", "finding", "minor", "correct", "overturn_finding"),
    *("complaint", "overturn_complaint", "incident", "overturn_incident"),
    *("failed", "failed", "failed", "excellent", "excellent", "rescored", "rescored"),
    *("pay", "top_up", "refund", "confirm", "terminate", "terminate", "reinstate", "end", "release"),
)

told = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 1), st.integers(0, 7)), min_size=5, max_size=60)


class Story:
    """A world in which steps are tried, each on one of two projects."""

    def __init__(self):
        self.world = World(datetime(2026, 3, 2, 1, tzinfo=UTC))
        self.months = dict.fromkeys(PROJECTS, "2026-02")
        organise(self.world)
        adopt_rules(self.world)
        for number, project in enumerate(PROJECTS):
            register = p.RegisterProject(
                name=f"{number}号楼物业",
                contractor=f"第{number}物业公司",
                agreed_deposit_fen=1_000_000 + number,
                contract_from=date(2026, 3, 1),
                contract_to=date(2027, 6, 30),
                starts_month="2026-03",
            )
            self.world.send("property_project", project, register)
            for group, count in (("staff", 2), ("students", 3)):
                people = tuple(p.Person(code=f"{group[:2]}{n}", name="某人") for n in range(count))
                self.world.send("property_project", project, p.ReplaceRoster(group=group, people=people))

    def tell(self, steps):
        """Try each step."""
        for name, project, choice in steps:
            with suppress(Refusal):
                getattr(self, f"_{name}")(PROJECTS[project], choice)
        return self.world

    def _assessment(self, project, command):
        month = self.months[project]
        stream = derived_id(project, "assessment", month)
        if ("assessment", stream) in self.world.states:
            self.world.send("assessment", stream, command)

    def _one(self, project, field, choice):
        """One of the entries of the month's assessment, or an id that is none of them."""
        state = self.world.states.get(("assessment", derived_id(project, "assessment", self.months[project])))
        entries = list(getattr(state, field)) if state else []
        return entries[choice % len(entries)] if entries else None

    def _project(self, project, command):
        self.world.send("property_project", project, command)

    def _deposit(self, project, command):
        self.world.send("contract_deposit", derived_id(project, "deposit"), command)

    def _open(self, project, _):
        month = next_month(self.months[project])
        while self.world.now.date() < first_day(month):
            self._pass_month(project, 0)
        self._project(project, p.OpenMonth(month=month))
        self.months[project] = month

    def _draw(self, project, choice):
        reason = "重抽" if choice % 2 else None
        self._project(project, p.DrawRepresentatives(month=self.months[project], reason=reason))

    def _staff_ballot(self, project, choice):
        self._assessment(project, a.CastBallot(group="staff", score=SCORES[choice % 4]))

    def _student_ballot(self, project, choice):
        self._assessment(project, a.CastBallot(group="students", score=SCORES[choice % 4]))

    def _void(self, project, choice):
        if ballot := self._one(project, "ballots", choice):
            self._assessment(project, a.VoidBallot(ballot_id=ballot, reason="涂改"))

    def _finding(self, project, choice, *, minor=False):
        self._assessment(
            project,
            a.RecordFinding(
                item_code=item_code(self.world),
                count=choice + 1,
                found_on=first_day(self.months[project]),
                department="后勤处",
                minor=minor,
            ),
        )

    def _minor(self, project, choice):
        self._finding(project, choice, minor=True)

    def _correct(self, project, choice):
        if finding := self._one(project, "findings", choice):
            self._assessment(project, a.ConfirmFindingCorrected(finding_id=finding))

    def _overturn_finding(self, project, choice):
        if finding := self._one(project, "findings", choice):
            self._assessment(project, a.OverturnFinding(finding_id=finding, reason="误记"))

    def _complaint(self, project, choice):
        upheld = a.RecordUpheldComplaint(complaint_ref=f"投-{choice}", item_code=item_code(self.world), note="属实")
        self._assessment(project, upheld)

    def _overturn_complaint(self, project, choice):
        self._assessment(project, a.OverturnComplaint(complaint_ref=f"投-{choice}", reason="不实"))

    def _incident(self, project, _):
        happened = first_day(self.months[project])
        command = a.RecordVetoIncident(kind="college_criticism", happened_on=happened, description="未按要求")
        self._assessment(project, command)

    def _overturn_incident(self, project, choice):
        if incident := self._one(project, "incidents", choice):
            self._assessment(project, a.OverturnVetoIncident(incident_id=incident, reason="不实"))

    def _submit(self, project, choice):
        contents = self.world.context(None).rules["R14"][0].values.contents
        self._assessment(project, a.SubmitContentResult(content=contents[choice].code, department="后勤处"))

    def _survey(self, project, _):
        self._assessment(project, a.CloseSurvey(reason="回收完毕"))

    def _close(self, project, _):
        self._assessment(project, a.CloseSurvey(reason="回收完毕"))
        self._assessment(project, a.CloseAssessment(accept_gaps_reason="资料缺失"))

    def _pass_day(self, _, choice):
        self._pass(days=choice)

    def _pass_month(self, _, __):
        self._pass(days=31)

    def _pass(self, *, days):
        then = self.world.now + timedelta(days=days)
        self.world.pass_to(then.year, then.month, then.day)

    def _pay(self, project, choice):
        self._deposit(project, d.ReceiveDeposit(amount_fen=500_000 + choice, reference=f"收-{len(self.world.log)}"))

    def _top_up(self, project, choice):
        self._deposit(project, d.ReceiveTopUp(amount_fen=1_000 * (choice + 1), reference=f"补-{len(self.world.log)}"))

    def _confirm(self, project, _):
        for month in self.world.state("property_project", project).corrections:
            self._project(project, p.ConfirmCorrection(month=month))

    def _terminate(self, project, _):
        self._project(project, p.TerminateContract(reason="连续不合格"))

    def _reinstate(self, project, _):
        self._project(project, p.ReinstateContract(reason="改判"))

    def _refund(self, project, choice):
        self._deposit(project, d.RefundExcess(amount_fen=choice + 1, reference=f"退-{len(self.world.log)}"))

    def _end(self, project, _):
        self._project(project, p.EndContract(despite_open_months="到期"))

    def _release(self, project, _):
        self._deposit(project, d.ReleaseDeposit(reference=f"还-{len(self.world.log)}"))

    def _failed(self, project, choice):
        """A whole month that an incident fails."""
        self._open(project, choice)
        self._incident(project, choice)
        self._close(project, choice)

    def _excellent(self, project, choice):
        """A whole month without a fault."""
        self._open(project, choice)
        self._staff_ballot(project, 3)
        self._close(project, choice)

    def _rescored(self, project, choice):
        """An earlier month loses its incidents, or gets one."""
        months = list(self.world.state("property_project", project).months)
        if months:
            latest, self.months[project] = self.months[project], months[choice % len(months)]
            if self._one(project, "incidents", 0) is None:
                self._incident(project, 0)
            else:
                self._overturn_incident(project, 0)
            self.months[project] = latest
