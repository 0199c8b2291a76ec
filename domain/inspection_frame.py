"""What an inspection is carried out within: what was planned of the register, what the rules ask, who answers where."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.rules.r12_parts import ItemClass, Level, LogPart

ItemCode = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[a-zA-Z0-9_.-]+$(?!\n)")]
"""The code of an area, a unit, an item or a post, unique among its kind within a site."""
Codes = Annotated[tuple[ItemCode, ...], msgspec.Meta(max_length=2000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Basis = Literal["contract", "regulation", "procedure"]
"""What an item rests on (R12.5.2): the contract, a regulation, or the standard operating procedure."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """The least coverage (覆盖要求): one in so many items, one in so many square metres, so many cleaning units."""

    items_one_in: int = 0
    area_one_in: int = 0
    units: int = 0


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is, or was covered: items, square metres, cleaning units."""

    items: int
    square_m: int
    units: int


class PlannedArea(msgspec.Struct, frozen=True):
    """An area of the plan, with its size."""

    code: str
    square_m: int


class PlannedItem(msgspec.Struct, frozen=True):
    """An item of the plan, with its class and basis."""

    code: str
    item_class: ItemClass
    basis: Basis


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """A post that reviews the log or countersigns the form of this inspection, and its duty to do so.

    Where the post names nobody, whoever holds ``role`` fills it.
    """

    post: str
    level: Level
    person: UUID | None
    what: Literal["log", "form"]
    duty_id: UUID
    role: str = ""


class Answerable(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for areas at a level; no areas are all of them, no classes all of them."""

    level: Level
    person: UUID
    areas: tuple[str, ...] = ()
    classes: tuple[ItemClass, ...] = ()


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """The frame of one inspection (检查计划), fixed when it was planned. ``duty_id`` is the duty that it meets."""

    inspection_id: UUID
    site_id: UUID
    project_id: UUID
    post: str
    level: Level
    person: UUID | None
    scheduled: bool
    duty_id: UUID | None
    planned_for: date
    participants: tuple[UUID, ...]
    content: str
    method: str
    materials: str
    areas: tuple[PlannedArea, ...]
    units: tuple[str, ...]
    items: tuple[PlannedItem, ...]
    all: Extent
    need: Need
    log_parts: tuple[LogPart, ...]
    reviewers: tuple[Reviewer, ...]
    answerable: tuple[Answerable, ...]
    readings: dict[str, str]
    clause: str = "R12.5.3"
    rule_version: int


def shortfalls(covered: Extent, whole: Extent, need: Need) -> tuple[str, ...]:
    """What is not covered enough: ``items``, ``area``, ``units``; empty when all is well.

    Shares are compared as whole numbers: a fifth of 11 items is 3.
    """
    found = []
    if need.items_one_in and covered.items * need.items_one_in < whole.items:
        found.append("items")
    if need.area_one_in and covered.square_m * need.area_one_in < whole.square_m:
        found.append("area")
    if covered.units < need.units:
        found.append("units")
    return tuple(found)


def answering(frame: Frame, area: str, item_class: ItemClass) -> tuple[Answerable, ...]:
    """Who answers for a place and a class, at each level that somebody is named for."""
    return tuple(
        one
        for one in frame.answerable
        if (not one.areas or area in one.areas) and (not one.classes or item_class in one.classes)
    )
