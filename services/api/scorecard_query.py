"""The whole derivation of a scorecard: every step with its clause, its reading and what went into it (R14.2)."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.assessment.events import AssessmentClosed, AssessmentReassessed
from domain.kernel import Text
from domain.scorecard import Scorecard, Step
from infra.eventstore import select_stream
from projections.labels import BANDS, ClauseRef, EventRef, ReadingRef, clause_ref, reading_ref
from projections.scorecards import PROJECTION, ScorecardPlace, scorecards
from services.api.asking import Asking, asking, query
from services.api.parameters import REVISION
from services.api.problems import Problem
from services.api.requests import Desk, HttpRequest, path_id


class StepInput(msgspec.Struct, frozen=True):
    """What went into a step: a named or counted thing, or a bare value."""

    name: str | None
    value: str


class DerivationStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the computation; ``result`` is exact, a decimal or ``n/d``."""

    number: int
    code: str
    label: Text
    clause: ClauseRef
    reading: ReadingRef | None
    inputs: tuple[StepInput, ...]
    result: str


class VetoGround(msgspec.Struct, frozen=True, kw_only=True):
    """A ground on which the month fails whatever its score."""

    ground: str
    label: Text
    clause: ClauseRef
    incident_id: str | None


class RevisionInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One scoring of the month, in short."""

    revision: int
    score: Decimal
    band: str
    band_label: Text
    vetoed: bool
    scored_at: datetime


class ScorecardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A scorecard with its derivation, and every scoring of the month, latest first.

    ``gaps`` are what was missing and accepted when the month was closed; ``reason`` says why they were, or why the
    month was assessed again.
    """

    assessment_id: UUID
    project_id: UUID
    month: str
    revision: int
    score: Decimal
    band: str
    band_label: Text
    vetoed: bool
    centre: Decimal
    satisfaction: Decimal | None
    complaints_deducted: Decimal
    dissatisfaction_percent: Decimal | None
    vetoes: tuple[VetoGround, ...]
    dropped_ballots: tuple[str, ...]
    steps: tuple[DerivationStep, ...]
    rule_version: int
    clause: ClauseRef
    gaps: tuple[str, ...]
    reason: str | None
    scored_at: datetime
    event: EventRef
    revisions: tuple[RevisionInfo, ...]


def scorecard_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The route of this module."""

    @query("/v1/assessments/{stream_id:str}/scorecard", "assessments", "考核评分及推导 · Scorecard", (REVISION,))
    async def scorecard(request: HttpRequest, stream_id: FromPath[str]) -> Response[ScorecardAnswer]:
        """The latest scorecard, or one of its revisions, step by step. Permission: `assessment.read`."""
        assessment = path_id(stream_id)
        async with asking(desk, request, "assessment.read", (REVISION,), projections=(PROJECTION,)) as asked:
            revision = REVISION.of(request)
            known = await scorecards(asked.connection, asked.tenant, assessment)
            wanted = (
                known if revision is None else await scorecards(asked.connection, asked.tenant, assessment, revision)
            )
            if not wanted:
                raise Problem(
                    404, "no_scorecard", Text("没有这份考核评分", "There is no such scorecard; the month may be open.")
                )
            event = await _event(desk, asked, assessment, wanted[0])
            return asked.answer(_answer(asked, assessment, wanted[0], event, known))

    return [scorecard]


async def _event(
    desk: Desk, asked: Asking, assessment: UUID, place: ScorecardPlace
) -> AssessmentClosed | AssessmentReassessed:
    (row,) = await select_stream(
        asked.connection, asked.tenant, assessment, after=place.version - 1, up_to=place.version
    )
    event = desk.runtime.mapper.decode(row.topic, row.state)
    assert isinstance(event, AssessmentClosed | AssessmentReassessed)
    return event


def _answer(
    asked: Asking,
    assessment: UUID,
    place: ScorecardPlace,
    event: AssessmentClosed | AssessmentReassessed,
    known: list[ScorecardPlace],
) -> ScorecardAnswer:
    card: Scorecard = event.scorecard
    closed = isinstance(event, AssessmentClosed)
    return ScorecardAnswer(
        assessment_id=assessment,
        project_id=event.project_id,
        month=event.month,
        revision=event.revision,
        score=card.score,
        band=card.band,
        band_label=BANDS[card.band],
        vetoed=card.vetoed,
        centre=card.centre,
        satisfaction=card.satisfaction,
        complaints_deducted=card.complaints_deducted,
        dissatisfaction_percent=card.dissatisfaction_percent,
        vetoes=tuple(
            VetoGround(
                ground=veto.ground,
                label=Text(veto.zh, veto.en),
                clause=clause_ref(veto.clause),
                incident_id=veto.incident_id,
            )
            for veto in card.vetoes
        ),
        dropped_ballots=card.dropped_ballots,
        steps=tuple(_step(number, step) for number, step in enumerate(card.steps, 1)),
        rule_version=event.rule_version,
        clause=clause_ref(event.clause),
        gaps=event.gaps if isinstance(event, AssessmentClosed) else (),
        reason=event.accept_gaps_reason if isinstance(event, AssessmentClosed) else event.reason,
        scored_at=place.scored_at.astimezone(asked.zone),
        event=EventRef(
            "assessment.closed" if closed else "assessment.reassessed", assessment, place.version, place.position
        ),
        revisions=tuple(
            RevisionInfo(
                revision=each.revision,
                score=each.score,
                band=each.band,
                band_label=BANDS[each.band],
                vetoed=each.vetoed,
                scored_at=each.scored_at.astimezone(asked.zone),
            )
            for each in known
        ),
    )


def _step(number: int, step: Step) -> DerivationStep:
    return DerivationStep(
        number=number,
        code=step.code,
        label=Text(step.zh, step.en),
        clause=clause_ref(step.clause),
        reading=None if step.reading is None else reading_ref(step.reading),
        inputs=tuple(_input(text) for text in step.inputs),
        result=step.result,
    )


def _input(text: str) -> StepInput:
    name, named, value = text.rpartition("=")
    return StepInput(name if named else None, value)
