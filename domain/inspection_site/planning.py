"""How an inspection is planned: of what the register has, enough for the post's duty (R12.5.1, R12.5.3)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from domain.inspection_frame import (
    Answerable,
    Extent,
    Frame,
    Need,
    PlannedArea,
    PlannedItem,
    Reviewer,
    shortfalls,
)
from domain.inspection_site import commands as c
from domain.inspection_site import events as e
from domain.inspection_site.registering import must_be_open
from domain.inspection_site.state import InspectionSiteState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.rules.r12 import R12Rules, in_force
from domain.rules.r12_duties import INSPECT, level_of, review_kind, role_of

AHEAD_DAYS = 62


def plan(state: InspectionSiteState, command: c.PlanInspection, context: Context) -> tuple[Event, ...]:
    """Plan an inspection by a post, within its areas and classes."""
    must_be_open(state)
    post = state.posts.get(command.post)
    if post is None:
        raise _value("unknown_post", "没有该岗位", "There is no such post.", "post")
    if post.person not in (None, context.actor.id):
        raise Refusal(
            "not_your_post",
            zh="只能为本人岗位制定计划",
            en="Only whoever fills the post plans for it.",
            clause="R12.5.3",
            kind="forbidden",
        )
    if not 0 <= (command.planned_for - context.today).days <= AHEAD_DAYS:
        raise _value("date_out_of_bounds", "计划日期不当", "The date is past or too far ahead.", "planned_for")
    found = in_force(context, command.planned_for)
    areas = _known("areas", command.areas, {k: v for k, v in state.areas.items() if not post.areas or k in post.areas})
    units = _known("units", command.units, _units(state, post))
    items = _known("items", command.items, _items(state, post))
    covered = Extent(items=len(items), square_m=sum(one.square_m for one in areas), units=len(units))
    whole, need = _whole(state, post), _need(state, post, found.values)
    if command.scheduled and (lacking := shortfalls(covered, whole, need)):
        raise Refusal(
            "coverage_too_small",
            zh=f"计划覆盖不足：{'、'.join(lacking)}",
            en=f"The plan covers too little: {', '.join(lacking)}.",
            clause="R12.5.1",
            kind="value",
            field="areas" if "area" in lacking else lacking[0],
            details={"lacking": list(lacking)},
        )
    asked = level_of(post.level, found.values)
    frame = Frame(
        inspection_id=derived_id(context.own_id(), "inspection", state.plans + 1),
        site_id=context.own_id(),
        project_id=state.project_id,
        post=post.code,
        level=post.level,
        person=post.person,
        scheduled=command.scheduled,
        duty_id=_duty(state, post.code, INSPECT) if command.scheduled else None,
        planned_for=command.planned_for,
        participants=command.participants,
        content=command.content,
        method=command.method,
        materials=command.materials,
        areas=tuple(PlannedArea(one.code, one.square_m) for one in areas),
        units=tuple(one.code for one in units),
        items=tuple(PlannedItem(one.code, one.item_class, one.basis) for one in items),
        all=whole,
        need=need,
        log_parts=found.values.log_parts if asked is not None and asked.logs else (),
        reviewers=_reviewers(state, post, found.values),
        answerable=_answerable(state),
        readings={"R12.5.1.few_units": found.values.few_units, "R12.same_issue": found.values.same_issue},
        rule_version=found.version,
    )
    return (e.InspectionPlanned(frame=frame, planned_by=context.actor.id, rule_version=found.version),)


def _whole(state: InspectionSiteState, post: c.Post) -> Extent:
    """All that a post answers for."""
    return Extent(
        items=len(_items(state, post)),
        square_m=sum(one.square_m for one in state.areas.values() if not post.areas or one.code in post.areas),
        units=len(_units(state, post)),
    )


def _need(state: InspectionSiteState, post: c.Post, rules: R12Rules) -> Need:
    """What the rules ask of the post; with fewer units than the least number by the reading R12.5.1.few_units."""
    asked = level_of(post.level, rules)
    if asked is None:
        return Need()
    cleans = not post.classes or "environment" in post.classes
    there = len(_units(state, post))
    units = asked.units if cleans else 0
    if there < units:
        units = there if rules.few_units == "all" else 0
    return Need(items_one_in=asked.items_one_in, area_one_in=asked.area_one_in, units=units)


def _units(state: InspectionSiteState, post: c.Post) -> dict[str, c.Unit]:
    return {code: one for code, one in state.units.items() if not post.areas or one.area in post.areas}


def _items(state: InspectionSiteState, post: c.Post) -> dict[str, c.Item]:
    return {code: one for code, one in state.items.items() if not post.classes or one.item_class in post.classes}


def _known(field: str, codes: Iterable[str], there: Mapping[str, Any]) -> list[Any]:
    """The entries of codes, each named once; refused where the post has none of the code."""
    found: dict[str, Any] = {}
    for place, code in enumerate(codes):
        if code not in there:
            raise _value(
                "unknown_code", f"岗位范围内没有 {code}", f"There is no {code} within the post.", f"{field}[{place}]"
            )
        found[code] = there[code]
    return list(found.values())


def _duty(state: InspectionSiteState, post: str, kind: str) -> UUID | None:
    return next((one.duty_id for one in state.duties if (one.post, one.terms.kind) == (post, kind)), None)


def _reviewers(state: InspectionSiteState, post: c.Post, rules: R12Rules) -> tuple[Reviewer, ...]:
    """The posts that review this post's log, or countersign its form, and answer for its areas too."""
    return tuple(
        Reviewer(
            post=one.code,
            level=one.level,
            person=one.person,
            what=review.what,
            duty_id=duty,
            role=role_of(one.level, rules),
        )
        for review in rules.reviews
        if review.of == post.level
        for one in state.posts.values()
        if one.level == review.reviewer and _share(one.areas, post.areas)
        for duty in [_duty(state, one.code, review_kind(review))]
        if duty is not None
    )


def _share(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return not some or not others or bool(set(some) & set(others))


def _answerable(state: InspectionSiteState) -> tuple[Answerable, ...]:
    return tuple(
        Answerable(level=one.level, person=one.person, areas=one.areas, classes=one.classes)
        for one in state.posts.values()
        if one.person is not None
    )


def _value(code: str, zh: str, en: str, field: str) -> Refusal:
    return Refusal(code, zh=zh, en=en, clause="R12.5.3", kind="value", field=field)
