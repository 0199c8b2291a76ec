"""Quality monitoring: lists of departments, years' goals, liaison sheets between them, applications for awards."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from projections import quality_board
from projections import quality_matter_lists as lists
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, YEAR, QueryParameter, choice_parameter, id_parameter
from services.api.requests import Desk, HttpRequest

LIAISON_STATUS = choice_parameter("status", "In this status alone.", lists.LIAISON_STATUSES)
ADDRESSEE = id_parameter("addressee", "Those that this member is to answer.")
AWARD_STATUS = choice_parameter("status", "In this status alone.", lists.AWARD_STATUSES)
GOALS_YEAR = replace(YEAR, description="Of this calendar year alone.")
GOALS_STATUS = choice_parameter("status", "In this status alone.", lists.GOAL_STATUSES)
DEPARTMENT = id_parameter("department", "Those among which a goal of this department stands.")
PERSON = id_parameter("person", "Those among which a goal stands for which this member answers.")
_GOALS: tuple[QueryParameter[Any], ...] = (GOALS_YEAR, GOALS_STATUS, DEPARTMENT, PERSON, *PAGING)
_LIAISONS: tuple[QueryParameter[Any], ...] = (LIAISON_STATUS, ADDRESSEE, *PAGING)
_AWARDS: tuple[QueryParameter[Any], ...] = (AWARD_STATUS, *PAGING)


class LiaisonPage(msgspec.Struct, frozen=True):
    """Liaison sheets in the order in which they were issued; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedLiaison]
    next: str | None


class AwardPage(msgspec.Struct, frozen=True):
    """Applications in the order in which they were begun; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedAward]
    next: str | None


class GoalsPage(msgspec.Struct, frozen=True):
    """Years' goals in the order in which they were begun; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedGoals]
    next: str | None


class DepartmentPage(msgspec.Struct, frozen=True):
    """Departments; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedDepartment]
    next: str | None


def quality_list_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @query("/v1/liaison-sheets", "liaison-sheets", "信息联络处理单列表 · Liaison sheets", _LIAISONS)
    async def liaisons(request: HttpRequest) -> Response[LiaisonPage]:
        """Who is to answer what until when. Permission: `liaison_sheet.read`."""
        async with asking(desk, request, "liaison_sheet.read", _LIAISONS, projections=(lists.PROJECTION,)) as asked:
            question = lists.liaison_question(
                asked.tenant,
                status=LIAISON_STATUS.of(request),
                person=ADDRESSEE.of(request),
                after=decode_cursor(request, Position),
            )
            found = await lists.liaisons(asked.connection, question, asked.limit + 1)
            return asked.answer(LiaisonPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/award-applications", "award-applications", "评优申报列表 · Applications for awards", _AWARDS)
    async def awards(request: HttpRequest) -> Response[AwardPage]:
        """How far each application is. Permission: `award_application.read`."""
        async with asking(desk, request, "award_application.read", _AWARDS, projections=(lists.PROJECTION,)) as asked:
            question = lists.award_question(
                asked.tenant, status=AWARD_STATUS.of(request), after=decode_cursor(request, Position)
            )
            found = await lists.awards(asked.connection, question, asked.limit + 1)
            return asked.answer(AwardPage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/service-departments", "service-departments", "受监测部门列表 · Departments", PAGING)
    async def departments(request: HttpRequest) -> Response[DepartmentPage]:
        """The departments that check themselves. Permission: `service_department.read`."""
        async with asking(
            desk, request, "service_department.read", PAGING, projections=(quality_board.PROJECTION,)
        ) as asked:
            question = lists.department_question(asked.tenant, decode_cursor(request, UUID))
            found = await lists.departments(asked.connection, question, asked.limit + 1)
            return asked.answer(DepartmentPage(*asked.cut(found, lambda each: each.department_id)))

    return [liaisons, awards, departments, _goals(desk)]


def _goals(desk: Desk) -> HTTPRouteHandler:
    @query("/v1/quality-goals", "quality-goals", "年度质量目标列表 · Years' quality goals", _GOALS)
    async def goals(request: HttpRequest) -> Response[GoalsPage]:
        """Each year's goals, and whether they are in force. Permission: `quality_goal.read`."""
        async with asking(desk, request, "quality_goal.read", _GOALS, projections=(quality_board.PROJECTION,)) as asked:
            year = GOALS_YEAR.of(request)
            wanted = lists.GoalsAsked(
                year=None if year is None else str(year),
                status=GOALS_STATUS.of(request),
                department=DEPARTMENT.of(request),
                person=PERSON.of(request),
                after=decode_cursor(request, Position),
            )
            found = await lists.goals(asked.connection, lists.goals_question(asked.tenant, wanted), asked.limit + 1)
            return asked.answer(GoalsPage(*asked.cut(found, lambda each: each.position)))

    return goals
