"""Where an inspection site stands: its register, its posts, and which duty each post has."""

from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.duty_terms import Terms
from domain.inspection_site import events as e
from domain.inspection_site.commands import Area, Item, Post, Unit
from domain.kernel import Event, State


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


def evolve(state: InspectionSiteState | None, event: Event) -> InspectionSiteState:
    """Fold one event into the site."""
    if isinstance(event, e.SiteRegistered):
        return InspectionSiteState(status="open", project_id=event.project_id, name=event.name)
    if state is None:
        raise TypeError(f"an inspection site does not begin with {type(event).__name__}")
    match event:
        case e.RegisterRevised():
            return replace(
                state,
                areas={one.code: one for one in event.areas},
                units={one.code: one for one in event.units},
                items={one.code: one for one in event.items},
            )
        case e.PostsAppointed():
            duties = _without(state.duties, event.ended) + _as_duties(event.opened)
            posts = {post.code: post for post in event.posts}
            return replace(state, posts=posts, duties=duties, appointments=event.number)
        case e.RulesApplied():
            changed = {one.duty_id: one.terms for one in event.changed}
            kept = tuple(
                replace(one, terms=changed.get(one.duty_id, one.terms)) for one in _without(state.duties, event.ended)
            )
            return replace(state, duties=kept + _as_duties(event.opened), appointments=event.number)
        case e.InspectionPlanned():
            return replace(state, plans=state.plans + 1)
        case e.SiteClosed():
            return replace(state, status="closed", duties=())
    raise TypeError(f"an inspection site knows no {type(event).__name__}")


def _without(duties: tuple[PostDuty, ...], ended: tuple[e.EndedDuty, ...]) -> tuple[PostDuty, ...]:
    gone = {one.duty_id for one in ended}
    return tuple(one for one in duties if one.duty_id not in gone)


def _as_duties(opened: tuple[e.OpenedDuty, ...]) -> tuple[PostDuty, ...]:
    return tuple(PostDuty(duty_id=one.duty_id, post=one.post, terms=one.terms) for one in opened)
