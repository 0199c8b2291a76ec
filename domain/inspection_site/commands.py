"""What is asked of an inspection site: its register, its posts, plans of inspections."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from domain.inspection_frame import Basis, Codes, ItemCode, Name
from domain.kernel import Command
from domain.rules.r12_parts import ItemClass, Level

Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
SquareMetres = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]


class Area(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the project's ground or buildings (区域), with its size in square metres."""

    code: ItemCode
    name: Name
    square_m: SquareMetres


class Unit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cleaning unit (保洁单元) within an area."""

    code: ItemCode
    name: Name
    area: ItemCode


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is inspected (检查项目): its class, and what its standard rests on (R12.5.2, R12.5.3.2)."""

    code: ItemCode
    item_class: ItemClass
    name: Name
    basis: Basis
    basis_ref: Name


class Post(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody's place in the tiers (岗位): level, person, areas and classes; none of these means all of them.

    Without a person whoever holds the level's role fills it.
    """

    code: ItemCode
    level: Level
    person: UUID | None = None
    areas: Codes = ()
    classes: Annotated[tuple[ItemClass, ...], msgspec.Meta(max_length=4)] = ()


class RegisterSite(Command, frozen=True, kw_only=True):
    """Begin the inspection register of a project (建立检查台账)."""

    project_id: UUID
    name: Name


class ReviseRegister(Command, frozen=True, kw_only=True):
    """State all areas, cleaning units and items anew (更新检查台账)."""

    areas: Annotated[tuple[Area, ...], msgspec.Meta(min_length=1, max_length=500)]
    units: Annotated[tuple[Unit, ...], msgspec.Meta(max_length=2000)] = ()
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1, max_length=500)]


class AppointPosts(Command, frozen=True, kw_only=True):
    """State all posts anew; their duties follow from the rules: opened, handed on, ended (任命岗位并设立职责)."""

    posts: Annotated[tuple[Post, ...], msgspec.Meta(min_length=1, max_length=100)]
    begins_on: date


class ApplyRules(Command, frozen=True, kw_only=True):
    """Let the rules now in force say what each post owes, from its next window on (适用现行制度)."""


class PlanInspection(Command, frozen=True, kw_only=True):
    """Plan an inspection (制定检查计划): when, by whom, of what, how, with what (R12.5.3).

    A ``scheduled`` one meets the post's duty and covers enough for it; any other is a random check.
    """

    post: ItemCode
    planned_for: date
    participants: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=20)] = ()
    areas: Codes
    units: Codes = ()
    items: Codes
    content: Words
    method: Words
    materials: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    scheduled: bool = True


class CloseSite(Command, frozen=True, kw_only=True):
    """End the inspections of the project, and all their duties (撤销检查台账)."""

    reason: Reason
