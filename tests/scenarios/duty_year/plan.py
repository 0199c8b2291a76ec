"""The duties of some projects for some days, and who does what when: drawn with a seed, a fifth of it not at all."""

import os
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.cadence import Cadence
from domain.duty.commands import OpenDuty
from domain.duty_terms import Holder, LapseLevel, Scope
from domain.kernel import derived_id

ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2026, 3, 3)
PROJECTS = int(os.environ.get("KAOHE_SCENARIO_PROJECTS", "20"))
DAYS = int(os.environ.get("KAOHE_SCENARIO_DAYS", "120"))
"""The suite's share. The whole year is ``KAOHE_SCENARIO_PROJECTS=200 KAOHE_SCENARIO_DAYS=365``; a busy machine
wants ``KAOHE_SCENARIO_PATIENCE_S`` and ``KAOHE_SCENARIO_PEACE_S`` as well (see `tests.scenarios.test_half_year`)."""
DONE_AT = time(10)
LADDER = (LapseLevel(missed_in_a_row=1, role="project_head"), LapseLevel(missed_in_a_row=3, role="company_manager"))


class LevelPlan(msgspec.Struct, frozen=True):
    """What a level owes, and how likely it is that somebody sets about it on a day."""

    role: str
    cadence: Cadence
    times: int
    likely: float


LEVELS = (
    LevelPlan("company_manager", Cadence(kind="monthly"), 1, 0.06),
    LevelPlan("project_head", Cadence(kind="every_days", days=3, counting="rolling"), 1, 0.4),
    LevelPlan("supervisor", Cadence(kind="daily"), 1, 0.8),
    LevelPlan("area_lead", Cadence(kind="daily"), 2, 0.8),
    LevelPlan("operator", Cadence(kind="daily", rest_days="skipped"), 1, 0.8),
)


class Owed(msgspec.Struct, frozen=True):
    """One duty of the scenario: its stream, its level, its holder, and how it is opened."""

    stream: UUID
    level: LevelPlan
    person: UUID
    opened: OpenDuty


def duties(tenant: UUID, projects: int = PROJECTS) -> tuple[Owed, ...]:
    """Five duties for each project."""
    return tuple(_owed(tenant, number, level) for number in range(projects) for level in LEVELS)


def _owed(tenant: UUID, number: int, level: LevelPlan) -> Owed:
    project = derived_id(tenant, "duty-year", number)
    person = derived_id(project, level.role)
    return Owed(
        stream=derived_id(project, "duty", level.role),
        level=level,
        person=person,
        opened=OpenDuty(
            kind=f"inspect.{level.role}",
            title_zh="层级检查",
            title_en="Tiered inspection",
            clause="R12.5.1",
            scope=Scope(kind="project", id=project, name=f"项目{number}"),
            holder=Holder(role=level.role, person=person),
            cadence=level.cadence,
            times=level.times,
            ladder=LADDER,
            begins_on=FIRST,
        ),
    )


def days(count: int = DAYS) -> Iterator[date]:
    """The days of the scenario."""
    return (FIRST + timedelta(days=number) for number in range(count))


def deeds(owed: tuple[Owed, ...], day: date, seed: int) -> list[Owed]:
    """Who sets about what on a day, as often as it is owed; half of those who owe a thing twice do it once alone."""
    chance = random.Random(f"{seed}:{day}")
    found = []
    for each in owed:
        if chance.random() < each.level.likely:
            found.append(each)
            if each.level.times > 1 and chance.random() < 0.8:
                found.append(each)
    return found


def morning(day: date) -> datetime:
    """When people do what they owe."""
    return datetime.combine(day, DONE_AT, ZONE).astimezone(UTC)


def midnight(day: date) -> datetime:
    """When a day is just over."""
    return datetime.combine(day + timedelta(days=1), time(0, 0, 1), ZONE).astimezone(UTC)
