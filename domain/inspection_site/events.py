"""What happens to an inspection site."""

from datetime import date
from uuid import UUID

import msgspec

from domain.duty_terms import Holder, Terms
from domain.inspection_frame import Frame
from domain.inspection_site.commands import Area, Item, Post, Unit
from domain.kernel import Event


class OpenedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that a post is to have."""

    duty_id: UUID
    post: str
    terms: Terms
    holder: Holder


class HandedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty of a post that another person fills now."""

    duty_id: UUID
    holder: Holder


class ChangedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that has other terms from its next window on."""

    duty_id: UUID
    terms: Terms


class EndedDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty that is owed no longer."""

    duty_id: UUID
    post: str
    kind: str


class SiteRegistered(Event, frozen=True, kw_only=True, tag="inspection_site.registered"):
    """A project is inspected by tiers."""

    project_id: UUID
    name: str
    clause: str = "R12.5.1"


class RegisterRevised(Event, frozen=True, kw_only=True, tag="inspection_site.register_revised"):
    """All areas, units and items, as of now."""

    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    items: tuple[Item, ...]
    square_m: int
    clause: str = "R12.5.2"


class PostsAppointed(Event, frozen=True, kw_only=True, tag="inspection_site.posts_appointed"):
    """All posts, as of now, and what that changes in their duties."""

    site_name: str
    project_id: UUID
    number: int
    posts: tuple[Post, ...]
    begins_on: date
    opened: tuple[OpenedDuty, ...]
    handed: tuple[HandedDuty, ...]
    ended: tuple[EndedDuty, ...]
    clause: str = "R12.5.1"
    rule_version: int


class RulesApplied(Event, frozen=True, kw_only=True, tag="inspection_site.rules_applied"):
    """What the rules now in force change in the duties of the posts."""

    site_name: str
    project_id: UUID
    number: int
    begins_on: date
    opened: tuple[OpenedDuty, ...]
    changed: tuple[ChangedDuty, ...]
    ended: tuple[EndedDuty, ...]
    clause: str = "R12.5.1"
    rule_version: int


class InspectionPlanned(Event, frozen=True, kw_only=True, tag="inspection_site.inspection_planned"):
    """An inspection is to be carried out within this frame."""

    frame: Frame
    planned_by: UUID | None
    clause: str = "R12.5.3"
    rule_version: int


class SiteClosed(Event, frozen=True, kw_only=True, tag="inspection_site.closed"):
    """The project is inspected no longer."""

    reason: str
    ended: tuple[EndedDuty, ...]
    clause: str = "R12.5.1"
