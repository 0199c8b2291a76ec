"""Quality monitoring: lists of departments, of liaison sheets between them, of applications for awards."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from projections import quality_board
from projections import quality_matter_lists as lists
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, choice_parameter, id_parameter
from services.api.requests import Desk, HttpRequest

LIAISON_STATUS = choice_parameter("status", "In this status alone.", lists.LIAISON_STATUSES)
ADDRESSEE = id_parameter("addressee", "Those that this member is to answer.")
AWARD_STATUS = choice_parameter("status", "In this status alone.", lists.AWARD_STATUSES)
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

    return [liaisons, awards, departments]
