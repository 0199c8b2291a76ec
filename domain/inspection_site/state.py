"""Where an inspection site stands: its register, its posts, and which duty each post has."""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.duty_terms import Terms
from domain.folding import Evolve, folding
from domain.inspection_site import events as e
from domain.inspection_site.commands import Area, Item, Post, Unit
from domain.kernel import State


class PostDuty(msgspec.Struct, frozen=True, kw_only=True):
    """A duty of a post, as the site has set it up."""

    duty_id: UUID
    post: str
    terms: Terms


class InspectionSiteState(State, frozen=True, kw_only=True):
    """One inspection site (检查台账). ``appointments`` counts how often duties were set up."""

    project_id: UUID
    name: str
    areas: dict[str, Area] = msgspec.field(default_factory=dict)
    units: dict[str, Unit] = msgspec.field(default_factory=dict)
    items: dict[str, Item] = msgspec.field(default_factory=dict)
    posts: dict[str, Post] = msgspec.field(default_factory=dict)
    duties: tuple[PostDuty, ...] = ()
    appointments: int = 0
    plans: int = 0


def _registered(event: e.SiteRegistered) -> InspectionSiteState:
    return InspectionSiteState(status="open", project_id=event.project_id, name=event.name)


def _revised(state: InspectionSiteState, event: e.RegisterRevised) -> InspectionSiteState:
    return replace(
        state,
        areas={one.code: one for one in event.areas},
        units={one.code: one for one in event.units},
        items={one.code: one for one in event.items},
    )


def _appointed(state: InspectionSiteState, event: e.PostsAppointed) -> InspectionSiteState:
    duties = _without(state.duties, event.ended) + _as_duties(event.opened)
    posts = {post.code: post for post in event.posts}
    return replace(state, posts=posts, duties=duties, appointments=event.number)


def _rules_applied(state: InspectionSiteState, event: e.RulesApplied) -> InspectionSiteState:
    changed = {one.duty_id: one.terms for one in event.changed}
    kept = tuple(replace(one, terms=changed.get(one.duty_id, one.terms)) for one in _without(state.duties, event.ended))
    return replace(state, duties=kept + _as_duties(event.opened), appointments=event.number)


def _without(duties: tuple[PostDuty, ...], ended: tuple[e.EndedDuty, ...]) -> tuple[PostDuty, ...]:
    gone = {one.duty_id for one in ended}
    return tuple(one for one in duties if one.duty_id not in gone)


def _as_duties(opened: tuple[e.OpenedDuty, ...]) -> tuple[PostDuty, ...]:
    return tuple(PostDuty(duty_id=one.duty_id, post=one.post, terms=one.terms) for one in opened)


evolve: Evolve[InspectionSiteState] = folding(
    "an inspection site",
    begins={e.SiteRegistered: _registered},
    steps={
        e.RegisterRevised: _revised,
        e.PostsAppointed: _appointed,
        e.RulesApplied: _rules_applied,
        e.InspectionPlanned: lambda state, _: replace(state, plans=state.plans + 1),
        e.SiteClosed: lambda state, _: replace(state, status="closed", duties=()),
    },
)
