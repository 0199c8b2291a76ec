"""What a month holds already, as the commands that would ask for it again, by reference."""

from collections.abc import Mapping, Sequence

from domain.assessment.commands import CastBallot, RecordFinding
from domain.assessment.events import BallotCast, FindingCorrectionOrdered, FindingRecorded
from domain.kernel import Command, Event
from infra.wire import EventMapper, StoredRow
from services.imports.columns import Layout

_EVENTS: Mapping[str, tuple[type[Event], ...]] = {
    "findings": (FindingRecorded, FindingCorrectionOrdered),
    "ballots": (BallotCast,),
}


def known_rows(layout: Layout, mapper: EventMapper, rows: Sequence[StoredRow]) -> dict[str, Command]:
    """Every finding or ballot that has a reference, also a struck one: it is not to come back by an import."""
    topics = {mapper.topic(event) for event in _EVENTS[layout.kind]} | mapper.older_topics
    events = [mapper.decode(row.topic, row.state) for row in rows if row.topic in topics]
    return _findings(events) if layout.kind == "findings" else _ballots(events)


def _findings(events: Sequence[Event]) -> dict[str, Command]:
    minor = {event.finding_id for event in events if isinstance(event, FindingCorrectionOrdered)}
    return {
        event.finding_ref: RecordFinding(
            item_code=event.item_code,
            count=event.count,
            found_on=event.found_on,
            department=event.department,
            note=event.note,
            evidence=event.evidence,
            minor=event.finding_id in minor,
            finding_ref=event.finding_ref,
        )
        for event in events
        if isinstance(event, FindingRecorded) and event.finding_ref is not None
    }


def _ballots(events: Sequence[Event]) -> dict[str, Command]:
    return {
        event.ballot_ref: CastBallot(
            group=event.group,
            score=event.score,
            comment=event.comment,
            ballot_ref=event.ballot_ref,
            cast_on=event.cast_on,
        )
        for event in events
        if isinstance(event, BallotCast) and event.ballot_ref is not None
    }
