"""Tiered inspection: posts have duties, plans become inspections, inspections meet duties and find issues (R12)."""

from uuid import UUID

from domain.duty import commands as d
from domain.duty_terms import Scope
from domain.inspection import commands as i
from domain.inspection import events as n
from domain.inspection_frame import answering
from domain.inspection_site import events as s
from domain.kernel import Cause, Dispatch, Reaction, derived_id
from domain.nonconformity.commands import RecordIssue
from domain.reactions.duty_sets import DutySet, changed, ended, handed

DESCRIPTION = 2000
"""So much of a finding's note describes the issue."""


def set_up_duties(event: s.PostsAppointed | s.RulesApplied, cause: Cause) -> tuple[Dispatch, ...]:
    """Duties open, change, are handed on and end as the site has decided."""
    duties = DutySet(cause.stream_id, Scope(kind="project", id=event.project_id, name=event.site_name))
    found = [duties.opened(one.duty_id, one.terms, one.holder, event.begins_on) for one in event.opened]
    if isinstance(event, s.PostsAppointed):
        found += [handed(one.duty_id, one.holder, "岗位人员变更") for one in event.handed]
    else:
        found += [changed(one.duty_id, one.terms) for one in event.changed]
    return (*found, *(ended(one.duty_id, "岗位或制度变更") for one in event.ended))


def end_duties(event: s.SiteClosed, _: Cause) -> tuple[Dispatch, ...]:
    """A closed site owes nothing."""
    return tuple(ended(one.duty_id, event.reason) for one in event.ended)


def open_planned(event: s.InspectionPlanned, _: Cause) -> tuple[Dispatch, ...]:
    """A plan becomes an inspection."""
    return (Dispatch("inspection", event.frame.inspection_id, i.OpenInspection(frame=event.frame)),)


def meet_by_inspecting(event: n.InspectionCompleted, cause: Cause) -> tuple[Dispatch, ...]:
    """An inspection that covered enough meets the post's duty, by the instant at which it was completed (R12.5.1)."""
    frame = event.frame
    if frame.duty_id is None or event.lacking:
        return ()
    by = frame.person or event.completed_by
    credit = d.CreditDuty(at=event.completed_at, by=by, source=f"inspection:{cause.stream_id}")
    return (Dispatch("duty", frame.duty_id, credit),)


def meet_by_reviewing(event: n.RecordReviewed, cause: Cause) -> tuple[Dispatch, ...]:
    """A review of a log, or a countersignature, meets the reviewer's duty (R12.5.1)."""
    credit = d.CreditDuty(at=event.reviewed_at, by=event.reviewed_by, source=f"inspection:{cause.stream_id}")
    return (Dispatch("duty", event.duty_id, credit),)


def record_issues(event: n.InspectionCompleted, _: Cause) -> tuple[Dispatch, ...]:
    """Each finding that stands is an issue: the one of the same item at the same place, or in the project (R12.5.4)."""
    frame = event.frame
    return tuple(
        Dispatch(
            "nonconformity",
            _issue_of(event, one),
            RecordIssue(
                site_id=frame.site_id,
                project_id=frame.project_id,
                item=one.item,
                item_class=one.item_class,
                area=one.area,
                unit=one.unit,
                level=frame.level,
                found_by=one.found_by,
                found_at=one.found_at,
                inspection_id=frame.inspection_id,
                finding_id=one.finding_id,
                description=one.note[:DESCRIPTION],
                handling=one.handling or "plan",
                answerable=answering(frame, one.area, one.item_class),
                evidence=one.evidence,
                rule_version=frame.rule_version,
            ),
        )
        for one in event.findings
    )


def _issue_of(event: n.InspectionCompleted, finding: n.PointRecorded) -> UUID:
    """The stream of an issue, by the reading of what the same issue is (R12.same_issue)."""
    site = event.frame.site_id
    if event.readings["R12.same_issue"] == "anywhere":
        return derived_id(site, "issue", finding.item)
    return derived_id(site, "issue", finding.item, finding.area, finding.unit or "")


REACTIONS = (
    Reaction(name="set_up_duties", events=(s.PostsAppointed, s.RulesApplied), react=set_up_duties),
    Reaction(name="end_duties", events=(s.SiteClosed,), react=end_duties),
    Reaction(name="open_planned", events=(s.InspectionPlanned,), react=open_planned),
    Reaction(name="meet_by_inspecting", events=(n.InspectionCompleted,), react=meet_by_inspecting),
    Reaction(name="meet_by_reviewing", events=(n.RecordReviewed,), react=meet_by_reviewing),
    Reaction(name="record_issues", events=(n.InspectionCompleted,), react=record_issues),
)
