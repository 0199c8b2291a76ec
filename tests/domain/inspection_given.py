"""A project with a register and five levels of posts, and inspections of it, for tests and for the story."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from domain.inspection import commands as i
from domain.inspection_site import commands as s
from domain.kernel import derived_id
from domain.rule_book.messages import AdoptPack
from tests.domain.world import BOOKS, World

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
PROJECT = UUID(int=0x51)
SITE = derived_id(PROJECT, "inspection_site")
MANAGER, OFFICE, HEAD, SUPERVISOR, LEAD, CLEANER = (UUID(int=0x60 + number) for number in range(6))
LOG = i.Log(points="楼道与绿化", analysis="人手不足", measures="增派一人", lessons="提前安排")


def adopt(world, effective_from=date(2026, 3, 1)):
    """Take over the shipped rules of tiered inspection."""
    world.send("rule_book", BOOKS["R12"], AdoptPack(regulation="R12", effective_from=effective_from))


def register(areas=6, units=12, items=10):
    """Areas of 100 square metres each, units spread over them, items of the four classes in turn."""
    classes = ("environment", "security", "maintenance", "customer_service")
    return s.ReviseRegister(
        areas=tuple(s.Area(code=f"A{n}", name=f"{n}区", square_m=100) for n in range(areas)),
        units=tuple(s.Unit(code=f"U{n}", name=f"{n}单元", area=f"A{n % areas}") for n in range(units)),
        items=tuple(
            s.Item(code=f"I{n}", item_class=classes[n % 4], name=f"项目{n}", basis="procedure", basis_ref="作业规程")
            for n in range(items)
        ),
    )


def posts(**people):
    """One post of each level; ``head=None`` leaves one to whoever holds its role."""
    named = {
        "manager": ("company_manager", MANAGER),
        "office": ("department", OFFICE),
        "head": ("project_head", HEAD),
        "supervisor": ("supervisor", SUPERVISOR),
        "lead": ("area_lead", LEAD),
        "cleaner": ("operator", CLEANER),
    }
    return tuple(
        s.Post(code=code, level=level, person=people.get(code, person)) for code, (level, person) in named.items()
    )


def site(world=None, **sizes):
    """A world with the register and the posts, whose duties begin the next day."""
    if world is None:
        world = World(MONDAY)
        adopt(world)
    world.send("inspection_site", SITE, s.RegisterSite(project_id=PROJECT, name="东校区"))
    world.send("inspection_site", SITE, register(**sizes))
    begins_on = world.context(None).today + timedelta(days=1)
    world.send("inspection_site", SITE, s.AppointPosts(posts=posts(), begins_on=begins_on))
    return world


def duty(world, post, kind="r12.inspect"):
    """The stream of a post's duty."""
    return next(
        one.duty_id for one in world.state("inspection_site", SITE).duties if (one.post, one.terms.kind) == (post, kind)
    )


def plan(world, post, person, *, areas=6, units=12, items=10, **more):
    """Plan an inspection of the first so many areas, units and items; its stream."""
    asked = {
        "planned_for": world.context(None).today,
        "areas": tuple(f"A{n}" for n in range(areas)),
        "units": tuple(f"U{n}" for n in range(units)),
        "items": tuple(f"I{n}" for n in range(items)),
        "content": "日常巡查",
        "method": "现场抽查",
    }
    command = s.PlanInspection(post=post, **{**asked, **more})
    (planned,) = world.send("inspection_site", SITE, command, person=person)
    return planned.frame.inspection_id


def inspect(world, post, person, *, nonconforming=(), good=(), **extent):
    """Carry an inspection out as planned, with findings at ``(item, area)``; its stream and the completion's event."""
    stream = plan(world, post, person, **extent)
    world.send("inspection", stream, i.BeginInspection(), person=person)
    for item, area in nonconforming:
        point = i.RecordPoint(item=item, area=area, result="nonconforming", note="积灰", handling="plan")
        world.send("inspection", stream, point, person=person)
    for item, area in good:
        point = i.RecordPoint(item=item, area=area, result="good_practice", note="标识清楚")
        world.send("inspection", stream, point, person=person)
    return stream, complete(world, stream, person)


def complete(world, stream, person):
    """Complete an inspection with all that was planned covered; the event."""
    frame = world.state("inspection", stream).frame
    command = i.CompleteInspection(
        areas=tuple(one.code for one in frame.areas),
        units=frame.units,
        items=tuple(one.code for one in frame.items),
        log=LOG,
    )
    (completed,) = world.send("inspection", stream, command, person=person)
    return completed


def issue(item, area, unit=""):
    """The stream of the issue of an item at a place."""
    return derived_id(SITE, "issue", item, area, unit)
