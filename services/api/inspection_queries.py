"""Tiered inspection: the sites that are inspected, and the inspections that were planned or carried out (R12.5)."""

from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from domain.rules.r12_parts import LEVELS
from projections import inspection_lists as lists
from services.api.asking import Position, asking, query
from services.api.pages import decode_cursor
from services.api.parameters import PAGING, QueryParameter, choice_parameter, day_parameter, id_parameter
from services.api.requests import Desk, HttpRequest

PROJECT = id_parameter("project", "Of this project alone.")
SITE = id_parameter("site", "Of this site alone.")
SITE_STATUS = choice_parameter("status", "In this status alone.", lists.SITE_STATUSES)
LEVEL = choice_parameter("level", "Carried out at this level.", LEVELS)
STATUS = choice_parameter("status", "In this status alone.", lists.STATUSES)
SINCE = day_parameter("from", "Planned for this date or later.")
UNTIL = day_parameter("to", "Planned for this date or earlier.")
_SITES: tuple[QueryParameter[Any], ...] = (PROJECT, SITE_STATUS, *PAGING)
_INSPECTIONS: tuple[QueryParameter[Any], ...] = (PROJECT, SITE, LEVEL, STATUS, SINCE, UNTIL, *PAGING)


class SitePage(msgspec.Struct, frozen=True):
    """Sites in the order in which they were registered; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedSite]
    next: str | None


class InspectionPage(msgspec.Struct, frozen=True):
    """Inspections in the order in which they were planned; ``next`` is the cursor of the page after this one."""

    items: list[lists.ListedInspection]
    next: str | None


def inspection_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    names = (lists.PROJECTION,)

    @query("/v1/inspection-sites", "inspection-sites", "检查台账列表 · Inspection sites", _SITES)
    async def sites(request: HttpRequest) -> Response[SitePage]:
        """Each site with what its register holds. Permission: `inspection_site.read`."""
        async with asking(desk, request, "inspection_site.read", _SITES, projections=names) as asked:
            question = lists.site_question(
                asked.tenant,
                project=PROJECT.of(request),
                status=SITE_STATUS.of(request),
                after=decode_cursor(request, Position),
            )
            found = await lists.sites(asked.connection, question, asked.limit + 1)
            return asked.answer(SitePage(*asked.cut(found, lambda each: each.position)))

    @query("/v1/inspections", "inspections", "检查列表 · Inspections", _INSPECTIONS)
    async def inspections(request: HttpRequest) -> Response[InspectionPage]:
        """Inspections by project, site, level, status and day. Permission: `inspection.read`."""
        async with asking(desk, request, "inspection.read", _INSPECTIONS, projections=names) as asked:
            wanted = lists.InspectionsAsked(
                site=SITE.of(request),
                project=PROJECT.of(request),
                level=LEVEL.of(request),
                status=STATUS.of(request),
                first=SINCE.of(request),
                last=UNTIL.of(request),
                after=decode_cursor(request, Position),
            )
            question = lists.inspection_question(asked.tenant, wanted)
            found = await lists.inspections(asked.connection, question, zone=asked.zone, limit=asked.limit + 1)
            return asked.answer(InspectionPage(*asked.cut(found, lambda each: each.position)))

    return [sites, inspections]
