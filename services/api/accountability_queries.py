"""Accountability cases: the board, what is due when, and what became of appraisals."""

from dataclasses import replace
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.roles import ROLE_NAMES
from domain.rules.r4_ladder import OwedStage
from projections import accountability_board as board
from projections import appraisal_effects as effects
from projections.labels import CASE_STAGES, CASE_STATUSES
from services.api.asking import Microseconds, Position, asking, from_microseconds, query, to_microseconds
from services.api.pages import decode_cursor
from services.api.parameters import (
    PAGING,
    YEAR,
    QueryParameter,
    choice_parameter,
    day_parameter,
    id_parameter,
    month_parameter,
    text_parameter,
)
from services.api.requests import Desk, HttpRequest

READ = "accountability_case.read"
STATUS = choice_parameter("status", "In this status.", CASE_STATUSES)
STAGE = choice_parameter("stage", "In which the limit of this stage runs.", CASE_STAGES)
OVERDUE = choice_parameter("overdue", "Only what is overdue.", ("true",))
OWED_STAGE = choice_parameter("stage", "Of this stage.", (*get_args(OwedStage), "review_request"))
ROLE = choice_parameter("role", "Owed by this role.", ROLE_NAMES)
SINCE = day_parameter("from", "Due on this date or later.")
UNTIL = day_parameter("to", "Due on this date or earlier.")
PERSON = id_parameter("person", "Of this member alone.")
UNIT = text_parameter("unit", "Of the unit of this code alone.", 60)
MONTH = month_parameter("month", "Of this month alone.")
OF_YEAR = replace(YEAR, description="Of this year and its months.")
STANDING = choice_parameter("standing", "Only where an effect stands.", ("true",))

_CASES: tuple[QueryParameter[Any], ...] = (STATUS, STAGE, OVERDUE, *PAGING)
_LIMITS: tuple[QueryParameter[Any], ...] = (OWED_STAGE, ROLE, SINCE, UNTIL, *PAGING)
_EFFECTS: tuple[QueryParameter[Any], ...] = (PERSON, UNIT, MONTH, OF_YEAR, STANDING, *PAGING)

Word = Annotated[str, msgspec.Meta(max_length=400, pattern=r"^[^\x00]*$(?!\n)")]


class CasePage(msgspec.Struct, frozen=True):
    """Cases in the order of their report; ``next`` is the cursor of the page after this one."""

    items: list[board.CaseStanding]
    next: str | None


class LimitPage(msgspec.Struct, frozen=True):
    """Running limits, what is due first at the top."""

    items: list[board.DueLimit]
    next: str | None


class EffectPage(msgspec.Struct, frozen=True):
    """Persons' months and units' years, in the order of periods."""

    items: list[effects.AppraisedPeriod]
    next: str | None


def accountability_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/accountability-cases", "accountability-cases", "问责案件列表 · Cases", _CASES)
    async def cases(request: HttpRequest) -> Response[CasePage]:
        """Each case with its stage, what is due next, and what is overdue; not those that are kept from the reader.

        Permission: `accountability_case.read`.
        """
        async with asking(desk, request, READ, _CASES, projections=(board.PROJECTION,)) as asked:
            wanted = board.CasesAsked(
                status=STATUS.of(request),
                stage=STAGE.of(request),
                overdue=OVERDUE.of(request) is not None,
                reader=asked.reader.principal.actor.id,
                after=decode_cursor(request, Position),
            )
            found = await board.cases(
                asked.connection, asked.tenant, wanted, now=asked.now, zone=asked.zone, limit=asked.limit + 1
            )
            return asked.answer(CasePage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/reports/accountability-limits", "reports", "问责期限 · What is due when", _LIMITS)
    async def limits(request: HttpRequest) -> Response[LimitPage]:
        """Every running limit of every case, by when it is due. Permission: `accountability_case.read`."""
        async with asking(desk, request, READ, _LIMITS, projections=(board.PROJECTION,)) as asked:
            after = decode_cursor(request, tuple[Microseconds, UUID, Word])
            wanted = board.LimitsAsked(
                stage=OWED_STAGE.of(request),
                role=ROLE.of(request),
                since=SINCE.of(request),
                until=UNTIL.of(request),
                reader=asked.reader.principal.actor.id,
                after=after and (from_microseconds(after[0]), after[1], after[2]),
            )
            found = await board.limits(
                asked.connection, asked.tenant, wanted, now=asked.now, zone=asked.zone, limit=asked.limit + 1
            )
            page = asked.cut(found, lambda each: (to_microseconds(each.due_at), each.case_id, each.key))
            return asked.answer(LimitPage(*page))

    @query("/v1/reports/appraisal-effects", "reports", "问责对考核的影响 · Effects on appraisal", _EFFECTS)
    async def appraisal(request: HttpRequest) -> Response[EffectPage]:
        """What binds a person's month or a unit's year, and why. Permission: `accountability_case.read`."""
        async with asking(desk, request, READ, _EFFECTS, projections=(effects.PROJECTION,)) as asked:
            wanted = effects.EffectsAsked(
                person=PERSON.of(request),
                unit=UNIT.of(request),
                month=MONTH.of(request),
                year=OF_YEAR.of(request),
                standing=STANDING.of(request) is not None,
                reader=asked.reader.principal.actor.id,
                after=decode_cursor(request, tuple[Word, Word, Word]),
            )
            found = await effects.appraised(asked.connection, asked.tenant, wanted, asked.zone, asked.limit + 1)
            page = asked.cut(found, lambda each: (each.period, each.subject_kind, each.subject))
            return asked.answer(EffectPage(*page))

    return [cases, limits, appraisal]
