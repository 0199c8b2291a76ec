"""How a site is registered, and how posts and rules become duties."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from domain.duty_terms import Holder
from domain.inspection_site import commands as c
from domain.inspection_site import events as e
from domain.inspection_site.state import InspectionSiteState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.rules.r12 import R12Rules, in_force
from domain.rules.r12_duties import duties_of, role_of

AHEAD_DAYS = 366


def register(_: None, command: c.RegisterSite, __: Context) -> tuple[Event, ...]:
    """Begin the register of a project."""
    return (e.SiteRegistered(project_id=command.project_id, name=command.name),)


def revise(state: InspectionSiteState, command: c.ReviseRegister, _: Context) -> tuple[Event, ...]:
    """State all of it anew; codes stand once, and each unit lies in an area."""
    must_be_open(state)
    areas = {area.code for area in command.areas}
    for field, codes in (
        ("areas", [one.code for one in command.areas]),
        ("units", [one.code for one in command.units]),
        ("items", [one.code for one in command.items]),
    ):
        _must_stand_once(field, codes)
    for place, unit in enumerate(command.units):
        if unit.area not in areas:
            raise _unknown(f"units[{place}].area", unit.area)
    used = {code for post in state.posts.values() for code in post.areas}
    if missing := sorted(used - areas):
        raise Refusal(
            "area_in_use",
            zh=f"区域 {missing[0]} 仍有岗位负责",
            en=f"A post still answers for area {missing[0]}.",
            clause="R12.5.1",
            kind="value",
            field="areas",
        )
    return (
        e.RegisterRevised(
            areas=command.areas,
            units=command.units,
            items=command.items,
            square_m=sum(area.square_m for area in command.areas),
        ),
    )


def appoint(state: InspectionSiteState, command: c.AppointPosts, context: Context) -> tuple[Event, ...]:
    """State all posts anew: duties of new posts open, of old ones end, of those with another person are handed on."""
    must_be_open(state)
    _must_stand_once("posts", [post.code for post in command.posts])
    for place, post in enumerate(command.posts):
        for code in post.areas:
            if code not in state.areas:
                raise _unknown(f"posts[{place}].areas", code)
    if not 0 <= (command.begins_on - context.today).days <= AHEAD_DAYS:
        raise Refusal(
            "begins_out_of_bounds",
            zh=f"须自今天起{AHEAD_DAYS}天之内开始",
            en=f"Duties begin today or within {AHEAD_DAYS} days.",
            clause="R12.5.1",
            kind="value",
            field="begins_on",
        )
    found = in_force(context, command.begins_on)
    number, rules = state.appointments + 1, found.values
    kept = {code: post for code, post in state.posts.items() if _goes_on(post, command.posts)}
    fresh = [post for post in command.posts if post.code not in kept]
    handed = [
        e.HandedDuty(duty_id=duty.duty_id, holder=_holder(post, rules))
        for post in command.posts
        if post.code in kept and post.person != kept[post.code].person
        for duty in state.duties
        if duty.post == post.code
    ]
    return (
        e.PostsAppointed(
            site_name=state.name,
            project_id=state.project_id,
            number=number,
            posts=command.posts,
            begins_on=command.begins_on,
            opened=_opened(context.own_id(), fresh, rules, found.version, number),
            handed=tuple(handed),
            ended=ended(state, lambda post, _: post not in kept),
            rule_version=found.version,
        ),
    )


def apply_rules(state: InspectionSiteState, _: c.ApplyRules, context: Context) -> tuple[Event, ...]:
    """What the rules of today change; a duty that is the same stays untouched."""
    must_be_open(state)
    found = in_force(context, context.today)
    number = state.appointments + 1
    asked = {
        (post.code, terms.kind): (post, terms)
        for post in state.posts.values()
        for terms in duties_of(post.level, found.values, found.version)
    }
    known = {(duty.post, duty.terms.kind): duty for duty in state.duties}
    changed = tuple(
        e.ChangedDuty(duty_id=duty.duty_id, terms=asked[key][1])
        for key, duty in known.items()
        if key in asked and asked[key][1] != duty.terms
    )
    fresh = tuple(
        e.OpenedDuty(
            duty_id=_duty_id(context.own_id(), post.code, terms.kind, number),
            post=post.code,
            terms=terms,
            holder=_holder(post, found.values),
        )
        for key, (post, terms) in asked.items()
        if key not in known
    )
    gone = ended(state, lambda post, kind: (post, kind) not in asked)
    if not (changed or fresh or gone):
        return ()
    return (
        e.RulesApplied(
            site_name=state.name,
            project_id=state.project_id,
            number=number,
            begins_on=context.today + timedelta(days=1),
            opened=fresh,
            changed=changed,
            ended=gone,
            rule_version=found.version,
        ),
    )


def close(state: InspectionSiteState, command: c.CloseSite, _: Context) -> tuple[Event, ...]:
    """End it with all its duties."""
    must_be_open(state)
    return (e.SiteClosed(reason=command.reason, ended=ended(state, lambda *_: True)),)


def ended(state: InspectionSiteState, goes: Callable[[str, str], bool]) -> tuple[e.EndedDuty, ...]:
    """The duties that go, by post and kind."""
    return tuple(
        e.EndedDuty(duty_id=duty.duty_id, post=duty.post, kind=duty.terms.kind)
        for duty in state.duties
        if goes(duty.post, duty.terms.kind)
    )


def must_be_open(state: InspectionSiteState) -> None:
    """The site is not closed."""
    if state.status != "open":
        raise Refusal("site_closed", zh="检查台账已撤销", en="The inspection site is closed.", clause="R12.5.1")


def _goes_on(post: c.Post, stated: Iterable[c.Post]) -> bool:
    """Whether a post is stated again at the same level, so that its duties go on."""
    return any(one.code == post.code and one.level == post.level for one in stated)


def _opened(
    site: UUID, posts: Iterable[c.Post], rules: R12Rules, rule_version: int, number: int
) -> tuple[e.OpenedDuty, ...]:
    return tuple(
        e.OpenedDuty(
            duty_id=_duty_id(site, post.code, terms.kind, number),
            post=post.code,
            terms=terms,
            holder=_holder(post, rules),
        )
        for post in posts
        for terms in duties_of(post.level, rules, rule_version)
    )


def _duty_id(site: UUID, post: str, kind: str, number: int) -> UUID:
    return derived_id(site, "duty", post, kind, number)


def _holder(post: c.Post, rules: R12Rules) -> Holder:
    """The person of the post, in the role that the rules give its level."""
    return Holder(role=role_of(post.level, rules), person=post.person)


def _must_stand_once(field: str, codes: list[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise Refusal(
                "code_twice",
                zh=f"代码 {code} 重复",
                en=f"The code {code} stands twice.",
                kind="value",
                field=field,
            )


def _unknown(field: str, code: str) -> Refusal:
    return Refusal(
        "unknown_code", zh=f"台账中没有 {code}", en=f"The register has no {code}.", kind="value", field=field
    )
