"""How an inspection is carried out, completed and reviewed (R12.5.3, R12.6.1)."""

from collections.abc import Iterable
from uuid import UUID

from domain.inspection import commands as c
from domain.inspection import events as e
from domain.inspection.state import InspectionState, Point
from domain.inspection_frame import Extent, Reviewer, answering, shortfalls
from domain.kernel import Context, Event, Refusal

MAX_POINTS = 500
WRITTEN: dict[str, str] = {"points": "points", "analysis": "analysis", "measures": "measures", "lessons": "lessons"}
"""The parts of a log that the inspector writes; its time and results are what was recorded."""


def open_inspection(_: None, command: c.OpenInspection, __: Context) -> tuple[Event, ...]:
    """Begin the stream."""
    return (e.InspectionOpened(frame=command.frame, rule_version=command.frame.rule_version),)


def begin(state: InspectionState, _: c.BeginInspection, context: Context) -> tuple[Event, ...]:
    """Go out, not before the day it is planned for."""
    must_be(state, "planned")
    _inspector(state, context)
    if context.today < state.frame.planned_for:
        raise Refusal("too_early", zh="未到计划日期", en="It is planned for a later day.", clause="R12.5.3")
    return (e.InspectionBegun(begun_at=context.now, begun_by=context.actor.id),)


def hear(state: InspectionState, command: c.HearSelfReport, context: Context) -> tuple[Event, ...]:
    """Hear the self-report."""
    must_be(state, "under_way")
    _inspector(state, context)
    return (e.SelfReportHeard(person=command.person, report=command.report),)


def record(state: InspectionState, command: c.RecordPoint, context: Context) -> tuple[Event, ...]:
    """Record a point of the plan."""
    must_be(state, "under_way")
    person = _inspector(state, context)
    if len(state.points) >= MAX_POINTS:
        raise Refusal("too_many", zh=f"最多{MAX_POINTS}项", en=f"At most {MAX_POINTS} points.", clause="R12.5.3")
    item = next((one for one in state.frame.items if one.code == command.item), None)
    if item is None:
        raise _not_planned("item", command.item)
    if command.area not in {one.code for one in state.frame.areas}:
        raise _not_planned("area", command.area)
    if command.unit is not None and command.unit not in state.frame.units:
        raise _not_planned("unit", command.unit)
    if (command.result == "nonconforming") != (command.handling is not None):
        raise Refusal(
            "handling_needed",
            zh="不合格项须说明处理方式，其他结果不得说明",
            en="A nonconformity says how it is handled, any other result does not.",
            clause="R12.5.3.3",
            kind="value",
            field="handling",
        )
    return (
        e.PointRecorded(
            finding_id=context.new_id("finding"),
            item=item.code,
            item_class=item.item_class,
            basis=item.basis,
            area=command.area,
            unit=command.unit,
            result=command.result,
            note=command.note,
            handling=command.handling,
            evidence=command.evidence,
            found_by=person,
            found_at=context.now,
        ),
    )


def defend(state: InspectionState, command: c.StateDefence, context: Context) -> tuple[Event, ...]:
    """Speak against a finding, as one who answers for the place, once and before the inspection ends."""
    must_be(state, "under_way")
    point = _point(state, command.finding_id)
    if point.recorded.result != "nonconforming" or point.defence != "none":
        raise Refusal("nothing_to_defend", zh="该结果无需申辩", en="There is nothing to defend.", clause="R12.5.3")
    known = {one.person for one in answering(state.frame, point.recorded.area, point.recorded.item_class)}
    if context.actor.id not in known:
        raise Refusal(
            "not_answerable",
            zh="只有该处责任人可以申辩",
            en="Only those who answer for the place can defend it.",
            clause="R12.5.3",
            kind="forbidden",
        )
    return (
        e.DefenceStated(
            finding_id=command.finding_id,
            statement=command.statement,
            evidence=command.evidence,
            stated_by=context.actor.id,
        ),
    )


def decide(state: InspectionState, command: c.DecideDefence, context: Context) -> tuple[Event, ...]:
    """Let the finding stand or drop it."""
    must_be(state, "under_way")
    _inspector(state, context)
    if _point(state, command.finding_id).defence != "stated":
        raise Refusal("no_defence", zh="没有待复核的申辩", en="No defence is to be decided.", clause="R12.5.3")
    return (
        e.DefenceDecided(
            finding_id=command.finding_id,
            upheld=command.upheld,
            reason=command.reason,
            decided_by=context.actor.id,
        ),
    )


def complete(state: InspectionState, command: c.CompleteInspection, context: Context) -> tuple[Event, ...]:
    """End it: with each defence decided, the log's parts written, and what was covered counted."""
    must_be(state, "under_way")
    person = _inspector(state, context)
    assert state.begun_at is not None
    if any(point.defence == "stated" for point in state.points.values()):
        raise Refusal("defence_open", zh="尚有申辩待复核", en="A defence is yet to be decided.", clause="R12.5.3")
    _must_hold_log(state, command.log)
    frame = state.frame
    sizes = {one.code: one.square_m for one in frame.areas}
    areas = _planned("areas", command.areas, sizes)
    units = _planned("units", command.units, frame.units)
    items = _planned("items", command.items, [one.code for one in frame.items])
    covered = Extent(items=len(items), square_m=sum(sizes[code] for code in areas), units=len(units))
    standing = tuple(one.recorded for one in state.points.values() if one.defence != "dropped")
    return (
        e.InspectionCompleted(
            covered=covered,
            lacking=shortfalls(covered, frame.all, frame.need),
            areas=areas,
            units=units,
            items=items,
            nonconforming=sum(one.result == "nonconforming" for one in standing),
            dropped=len(state.points) - len(standing),
            begun_at=state.begun_at,
            completed_at=context.now,
            completed_by=person,
            log=command.log,
            frame=frame,
            findings=tuple(one for one in standing if one.result == "nonconforming"),
            readings=frame.readings,
            rule_version=frame.rule_version,
        ),
    )


def cancel(state: InspectionState, command: c.CancelInspection, _: Context) -> tuple[Event, ...]:
    """It is not carried out; the duty it would have met stays owed."""
    must_be(state, "planned", "under_way")
    return (e.InspectionCancelled(reason=command.reason),)


def review(state: InspectionState, command: c.ReviewRecord, context: Context) -> tuple[Event, ...]:
    """Review the log or countersign the form, for the post that has to, once each."""
    must_be(state, "completed")
    found = _reviewer(state, context)
    return (
        e.RecordReviewed(
            what=found.what,
            post=found.post,
            duty_id=found.duty_id,
            agrees=command.agrees,
            comment=command.comment,
            reviewed_by=_person(context),
            reviewed_at=context.now,
        ),
    )


def spread(state: InspectionState, command: c.SpreadPractice, context: Context) -> tuple[Event, ...]:
    """Make a good practice known."""
    must_be(state, "completed")
    if _point(state, command.finding_id).recorded.result != "good_practice":
        raise Refusal(
            "no_practice",
            zh="该结果不是好经验",
            en="This finding is no good practice.",
            clause="R12.5.3.3",
            kind="value",
            field="finding_id",
        )
    return (
        e.PracticeSpread(
            finding_id=command.finding_id, how=command.how, audience=command.audience, spread_by=context.actor.id
        ),
    )


def must_be(state: InspectionState, *statuses: str) -> None:
    """The inspection is in one of these statuses."""
    if state.status not in statuses:
        raise Refusal(
            "wrong_status",
            zh="检查当前状态不能这样办理",
            en="This can not be done as the inspection stands.",
            clause="R12.5.3",
            details={"status": state.status, "needed": sorted(statuses)},
        )


def _inspector(state: InspectionState, context: Context) -> UUID:
    """Whoever fills the post, or takes part by the plan."""
    person = _person(context)
    if state.frame.person is not None and person not in (state.frame.person, *state.frame.participants):
        raise Refusal(
            "not_the_inspector",
            zh="只能由检查人员办理",
            en="Only those who inspect can do this.",
            clause="R12.5.3",
            kind="forbidden",
        )
    return person


def _reviewer(state: InspectionState, context: Context) -> Reviewer:
    """The reviewing post that the actor fills and that has not reviewed yet."""
    mine = [one for one in state.frame.reviewers if _fills(one, context)]
    left = [one for one in mine if one.post not in state.reviewed]
    if not mine:
        raise Refusal(
            "not_the_reviewer",
            zh="该记录不由您审阅",
            en="It is not yours to review.",
            clause="R12.5.1",
            kind="forbidden",
        )
    if not left:
        raise Refusal("reviewed_already", zh="该记录已审阅", en="It has been reviewed.", clause="R12.5.1")
    return left[0]


def _fills(reviewer: Reviewer, context: Context) -> bool:
    """The person of the post; where it names nobody, a holder of its level's role (any, if planned before that)."""
    if reviewer.person is not None:
        return reviewer.person == context.actor.id
    return not reviewer.role or reviewer.role in context.actor.roles


def _point(state: InspectionState, finding_id: UUID) -> Point:
    point = state.points.get(str(finding_id))
    if point is None:
        raise Refusal(
            "no_such_finding",
            zh="没有该检查结果",
            en="There is no such finding.",
            clause="R12.5.3",
            kind="value",
            field="finding_id",
        )
    return point


def _must_hold_log(state: InspectionState, log: c.Log | None) -> None:
    """The log holds what the rules ask of it (R12.6.1)."""
    if log is None and not state.frame.log_parts:
        return
    asked = [part for part in state.frame.log_parts if part in WRITTEN]
    missing = [part for part in asked if log is None or not getattr(log, WRITTEN[part]).strip()]
    if missing:
        raise Refusal(
            "log_incomplete",
            zh=f"工作日志缺少：{'、'.join(missing)}",
            en=f"The log lacks: {', '.join(missing)}.",
            clause="R12.6.1",
            kind="value",
            field="log",
            details={"missing": missing},
        )


def _planned(field: str, codes: tuple[str, ...], there: Iterable[str]) -> tuple[str, ...]:
    """Codes that stand in the plan, each once."""
    known = set(there)
    for place, code in enumerate(codes):
        if code not in known:
            raise _not_planned(f"{field}[{place}]", code)
    return tuple(dict.fromkeys(codes))


def _not_planned(field: str, code: str) -> Refusal:
    return Refusal(
        "not_planned",
        zh=f"计划中没有 {code}",
        en=f"The plan has no {code}.",
        clause="R12.5.3",
        kind="value",
        field=field,
    )


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
