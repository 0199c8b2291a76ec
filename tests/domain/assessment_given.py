"""Shared beginnings of the assessment tests: rules, contexts, and months in each status."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from domain.assessment import ASSESSMENT, AssessmentState
from domain.assessment import commands as c
from domain.calendar import Calendar
from domain.kernel import Actor, Command, Context, Event, Refusal, RuleVersion
from domain.rules.r14 import R14Rules, default_values

ZONE = ZoneInfo("Asia/Shanghai")
PROJECT = UUID(int=7)
SHIPPED = default_values()
DURING = datetime(2026, 3, 10, 9, tzinfo=ZONE)
SURVEY_END = datetime(2026, 4, 1, tzinfo=ZONE)
AFTER = datetime(2026, 4, 2, 9, tzinfo=ZONE)
MONTH_OPENED = c.OpenAssessment(project_id=PROJECT, project_name="East campus", contractor="Acme", month="2026-03")

FINDING = c.RecordFinding(
    item_code="hygiene.corridors", count=2, found_on=date(2026, 3, 9), department="Logistics", note="litter"
)
MINOR = c.RecordFinding(item_code="repairs.records", found_on=date(2026, 3, 9), department="Logistics", minor=True)
COMPLAINT = c.RecordUpheldComplaint(complaint_ref="T-1", item_code="repairs.response", note="no answer for a week")
CRITICISM = c.RecordVetoIncident(
    kind="college_criticism", happened_on=date(2026, 3, 8), description="did not work as required"
)


def context(now: datetime = DURING, entropy: bytes = b"1", rules: R14Rules = SHIPPED) -> Context:
    """A decision at an instant, under version 1 of the rules since March 2026."""
    return Context(
        actor=Actor(kind="member", id=UUID(int=1)),
        now=now,
        calendar=Calendar(),
        rules={"R14": (RuleVersion(1, date(2026, 3, 1), rules),)},
        entropy=entropy,
    )


class Story:
    """Commands sent one after another; each with entropy of its own, so that ids differ."""

    def __init__(self, **rules: Any) -> None:
        self.rules = msgspec.structs.replace(SHIPPED, **rules)
        self.sent = 0
        self.log: list[Event] = []
        self.state: AssessmentState | None = None
        self.send(MONTH_OPENED)

    @property
    def now_stands(self) -> AssessmentState:
        """The state so far."""
        assert self.state is not None
        return self.state

    def decide(self, command: Command, now: datetime = DURING) -> tuple[Event, ...]:
        """The events a command would cause, without taking them in."""
        return ASSESSMENT.decide(self.state, command, context(now, str(self.sent).encode(), self.rules))

    def send(self, command: Command, now: datetime = DURING) -> tuple[Event, ...]:
        """The events a command causes."""
        self.sent += 1
        events = self.decide(command, now)
        self.log += events
        self.state = ASSESSMENT.fold(self.state, events)
        return events

    def send_all(self, commands: Iterable[Command], now: datetime = DURING) -> "Story":
        """Several commands at one instant."""
        for command in commands:
            self.send(command, now)
        return self

    def refused(self, command: Command, now: datetime = DURING) -> Refusal:
        """The refusal that a command meets."""
        with pytest.raises(Refusal) as refusal:
            self.decide(command, now)
        return refusal.value


def hash_of(token: str) -> str:
    """The hash by which the assessment knows a link."""
    return sha256(token.encode()).hexdigest()


def links(*tokens: str, expires_at: datetime = SURVEY_END) -> c.IssueBallotLinks:
    """One student link for each token."""
    return c.IssueBallotLinks(
        links=tuple(c.BallotLink(hash_of(token), "students") for token in tokens), expires_at=expires_at
    )


def by_link(token: str, score: str = "88") -> c.CastBallotByLink:
    """A ballot through the link of a token."""
    return c.CastBallotByLink(token_hash=hash_of(token), score=Decimal(score))


def paper(score: str, ref: str | None = None, cast_on: date | None = None) -> c.CastBallot:
    """A staff ballot on paper."""
    return c.CastBallot(group="staff", score=Decimal(score), ballot_ref=ref, cast_on=cast_on)


def ready(**rules: Any) -> Story:
    """A month in which nothing is missing but the survey's end."""
    story = Story(**rules)
    story.send(
        c.SeatRepresentatives(
            staff=tuple(f"s{n}" for n in range(10)),
            students=tuple(f"t{n}" for n in range(20)),
            seed="aa",
            drawn_by_event_version=3,
        )
    )
    story.send_all(
        c.SubmitContentResult(content=content.code, department="Logistics") for content in story.now_stands.awaited
    )
    return story.send_all(paper(score) for score in ("70", "90", "92", "95"))


def surveyed(**rules: Any) -> Story:
    """The same month after the survey's last day."""
    return ready(**rules).send_all([c.LapseSurvey()], SURVEY_END)


def closed(**rules: Any) -> Story:
    """The same month scored: centre 100, satisfaction 91, score 96.40."""
    return surveyed(**rules).send_all([c.CloseAssessment()], AFTER)
