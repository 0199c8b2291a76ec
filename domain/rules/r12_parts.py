"""The parts that the lists among R12's values are made of: levels, log reviews, and who answers for what."""

from typing import Annotated, Literal

import msgspec

from domain.rules.role_names import RoleName

Level = Literal["company_manager", "department", "project_head", "supervisor", "area_lead", "operator"]
"""Who inspects (检查层级), the highest first; the company's departments inspect without a frequency of their own."""
LEVELS: tuple[Level, ...] = ("company_manager", "department", "project_head", "supervisor", "area_lead", "operator")
ItemClass = Literal["environment", "security", "maintenance", "customer_service"]
"""The four classes of items (R12.5.3.2)."""
LogPart = Literal["time", "points", "results", "analysis", "measures", "lessons"]
"""What a log holds (R12.6.1)."""
Often = Literal["daily", "three_days", "weekly", "monthly"]
OneIn = Annotated[int, msgspec.Meta(ge=0, le=100)]


class InspectionLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level's duty to inspect (层级检查职责).

    ``items_one_in`` and ``area_one_in`` are the denominators of the least share: 5 is a fifth, 1 is all, 0 asks for
    none. ``units`` is the least number of cleaning units. ``logs`` says whether the level keeps a log.
    """

    level: Level
    role: RoleName
    often: Often
    times: Annotated[int, msgspec.Meta(ge=1, le=24)] = 1
    items_one_in: OneIn = 0
    area_one_in: OneIn = 0
    units: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    logs: bool = False


class LogReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level that reviews what another writes (日志审阅、表单会签), and how often."""

    reviewer: Level
    of: Level
    what: Literal["log", "form"]
    often: Often


class LiabilityRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who answers for an issue that ``found_by`` finds after one of ``after`` had found it uncorrected (R12.5.4).

    ``decided_by`` sets the handling; ``approved_by`` approves it, where it needs that, and it is then reported in
    writing.
    """

    found_by: tuple[Level, ...]
    after: tuple[Level, ...]
    liable: tuple[Level, ...]
    decided_by: Level
    approved_by: Level | None = None
