"""Accountability cases of the half year: each goes its own way, in time or late, some to the end and some nowhere."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain.accountability import AccountabilityCaseState
from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability.words import RespondentDetails, VerdictGiven
from domain.kernel import Command, State
from tests.scenarios.half_year.deeds import HOURS, ZONE, Deed, Made

OFFICE, GROUP, SECRETARY, MEMBER, PERSONNEL = (UUID(int=0xA100 + number) for number in range(5))
TEAM = (UUID(int=0xA201), UUID(int=0xA202))
REPORTER = UUID(int=0xA301)
RESPONDENTS = tuple(UUID(int=0xA400 + number) for number in range(12))
PATIENCE = (1, 2, 2, 3, 4, 6, 9, 30)
"""Days that people let pass before the next step; the last ones are too many for most limits."""


class _Case:
    """One case on its way: each call adds deeds at the moment that has been reached."""

    def __init__(self, chance: random.Random, stream: UUID, day: date) -> None:
        self.chance = chance
        self.stream = stream
        self.day = day
        self.respondent = chance.choice(RESPONDENTS)
        self.deeds: list[Deed] = []

    def do(self, person: UUID | None, *made: Made, kind: str = "member") -> None:
        """Somebody does these, one after the other."""
        at = datetime.combine(self.day, self.chance.choice(HOURS[1:3]), ZONE).astimezone(UTC)
        self.deeds += [Deed(at, "accountability_case", self.stream, each, kind, person) for each in made]
        self.day += timedelta(days=self.chance.choice(PATIENCE))

    def report(self) -> None:
        """A member reports, and the office takes it up."""
        respondent = RespondentDetails(kind="person", name="某某", person=self.respondent, responsibility="direct")
        self.do(REPORTER, c.ReportMatter(matter="失职", account="值班脱岗", respondents=(respondent,)))

    def initiated(self) -> None:
        """Verified, proposed, initiated, a team formed."""
        self.do(OFFICE, c.RecordVerification(founded=True, findings="属实", grounds=("absent_from_post",)))
        self.do(OFFICE, c.ProposeAccountability(proposal="建议问责"))
        self.do(GROUP, c.DecideInitiation(initiate=True, reason="应予追究"))
        self.do(GROUP, c.FormTeam(members=TEAM, leader=TEAM[0]))

    def investigated(self) -> None:
        """Perhaps extended, reported, heard."""
        if self.chance.random() < 0.4:
            self.do(TEAM[0], c.RequestExtension(reason="案情复杂"))
            self.do(GROUP, c.DecideExtension(approved=self.chance.random() < 0.7, reason="经研究"))
        self.do(TEAM[0], c.SubmitInvestigationReport(report="查明脱岗"))
        opinion = c.GiveOpinion(accountable=True, opinion="建议追究", hearing_report="事实清楚")
        self.do(GROUP, opinion)

    def served(self) -> None:
        """Resolved, served, filed."""
        self.do(SECRETARY, _resolve(self.chance.choice(("minor", "serious"))))
        self.do(OFFICE, _serve(self.day))
        self.do(PERSONNEL, a.FileWithPersonnel(reference="备案"))


def _respondent(state: State) -> UUID:
    assert isinstance(state, AccountabilityCaseState)
    return next(iter(state.parties))


def _resolve(severity: str) -> Callable[[State], Command]:
    form = {"minor": "self_criticism", "serious": "circulated"}[severity]

    def made(state: State) -> Command:
        verdict = VerdictGiven(
            respondent_id=_respondent(state), outcome="accountable", reason="脱岗", severity=severity, forms=(form,)
        )
        return c.Resolve(body="college_meeting", attendees=(SECRETARY, MEMBER), verdicts=(verdict,))

    return made


def _serve(day: date) -> Callable[[State], Command]:
    return lambda state: a.ServeDecision(
        respondent_id=_respondent(state),
        received_on=day,
        received_by="某某",
        method="in_person",
        proof="回证",
        rights_stated=True,
    )


def _review(outcome: str) -> Callable[[State], Command]:
    def made(state: State) -> Command:
        lighter = VerdictGiven(
            respondent_id=_respondent(state), outcome="accountable", reason="从轻", severity="minor", forms=("talk",)
        )
        return a.DecideReview(
            respondent_id=_respondent(state),
            outcome=outcome,  # type: ignore[arg-type]
            reason="复核",
            verdict=lighter if outcome == "changed" else None,
        )

    return made


def _whole(case: _Case) -> None:
    case.report()
    case.initiated()
    case.investigated()
    case.served()


def _reviewed(case: _Case) -> None:
    _whole(case)
    case.do(case.respondent, lambda state: a.RequestReview(respondent_id=_respondent(state), reasons="过重"))
    case.do(GROUP, _review(case.chance.choice(("upheld", "changed", "revoked"))))
    case.do(PERSONNEL, lambda state: a.FileWithPersonnel(respondent_id=_respondent(state), reference="复核备案"))


def _forgotten(case: _Case) -> None:
    case.report()


def _stuck(case: _Case) -> None:
    case.report()
    case.initiated()


def _unfounded(case: _Case) -> None:
    case.report()
    case.do(OFFICE, c.RecordVerification(founded=False, findings="查无此事"))


def _anonymous(case: _Case) -> None:
    receipt = case.stream.hex * 2
    report = c.ReportAnonymously(receipt_hash=receipt, matter="脱岗", account="值班室无人")
    case.do(None, report, kind="ballot_link")
    case.do(None, c.AddInformationByReceipt(receipt_hash=receipt, text="昨晚亦无人"), kind="ballot_link")
    case.do(OFFICE, c.AnswerReporter(text="已受理"))
    person = RespondentDetails(kind="person", name="某某", person=case.respondent, responsibility="direct")
    case.do(OFFICE, c.NameRespondent(respondent=person))
    case.do(REPORTER, c.RecordVerification(founded=True, findings="属实", grounds=("absent_from_post",)))
    case.initiated()
    case.investigated()


FATES: tuple[Callable[[_Case], None], ...] = (_whole, _reviewed, _reviewed, _forgotten, _stuck, _unfounded, _anonymous)


def deeds_of(chance: random.Random, stream: UUID, day: date) -> list[Deed]:
    """What people do about one case that begins on a day."""
    case = _Case(chance, stream, day)
    chance.choice(FATES)(case)
    return case.deeds
