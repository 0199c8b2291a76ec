"""The anonymous channel for people: plain pages with forms, without scripts, pictures or anything of third parties.

``/r/{slug}`` is an organisation's door, ``/receipt`` asks for a receipt. A receipt is only ever sent in a form's body.
"""

from collections.abc import Awaitable
from typing import TypeVar

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.kernel import Refusal
from services.anonymous.forms import Sent
from services.anonymous.telling import ReportView
from services.api import anonymous_html as pages
from services.api.anonymous import Channel
from services.api.problems import Problem, to_problem
from services.api.requests import HttpRequest

T = TypeVar("T")


def anonymous_pages(channel: Channel) -> list[HTTPRouteHandler]:
    """The routes of this module."""
    return [*_door_pages(channel), *_receipt_pages(channel), *_more_pages(channel)]


def _door_pages(channel: Channel) -> list[HTTPRouteHandler]:
    @get("/r/{slug:str}", include_in_schema=False)
    async def door(request: HttpRequest, slug: FromPath[str]) -> Response[bytes]:
        async def shown() -> Response[bytes]:
            channel.admit(request)
            return pages.door(slug, await channel.offer(slug))

        return await _page(shown())

    @post("/r/{slug:str}/complaints", include_in_schema=False)
    async def complain(request: HttpRequest, slug: FromPath[str]) -> Response[bytes]:
        async def taken() -> Response[bytes]:
            return pages.receipt(await channel.complain(slug, await channel.read(request)))

        return await _page(taken())

    @post("/r/{slug:str}/accountability-reports", include_in_schema=False)
    async def report(request: HttpRequest, slug: FromPath[str]) -> Response[bytes]:
        async def taken() -> Response[bytes]:
            return pages.receipt(await channel.report(slug, await channel.read(request)))

        return await _page(taken())

    return [door, complain, report]


def _receipt_pages(channel: Channel) -> list[HTTPRouteHandler]:
    @get("/receipt", include_in_schema=False)
    async def ask(request: HttpRequest) -> Response[bytes]:
        async def shown() -> Response[bytes]:
            channel.admit(request)
            return pages.ask()

        return await _page(shown())

    @post("/receipt", include_in_schema=False)
    async def look(request: HttpRequest) -> Response[bytes]:
        async def shown() -> Response[bytes]:
            sent = await channel.read(request)
            return pages.report(_receipt(sent), await channel.look(_receipt(sent)))

        return await _page(shown())

    @post("/receipt/additions", include_in_schema=False)
    async def add(request: HttpRequest) -> Response[bytes]:
        async def added() -> Response[bytes]:
            sent = await channel.read(request)
            return pages.report(_receipt(sent), await channel.add(_receipt(sent), sent))

        return await _page(added())

    return [ask, look, add]


def _more_pages(channel: Channel) -> list[HTTPRouteHandler]:
    @post("/receipt/ratings", include_in_schema=False)
    async def rate(request: HttpRequest) -> Response[bytes]:
        async def rated() -> Response[bytes]:
            sent = await channel.read(request)
            view: ReportView = await channel.rate(_receipt(sent), sent)
            return pages.report(_receipt(sent), view)

        return await _page(rated())

    @post("/receipt/identity", include_in_schema=False)
    async def leave_name(request: HttpRequest) -> Response[bytes]:
        async def left() -> Response[bytes]:
            sent = await channel.read(request)
            return pages.report(_receipt(sent), await channel.leave_name(_receipt(sent), sent))

        return await _page(left())

    return [rate, leave_name]


async def _page(answer: Awaitable[Response[bytes]]) -> Response[bytes]:
    """The page, or what refused it as a page; what is a fault of ours is answered where all faults are."""
    try:
        return await answer
    except (Refusal, Problem) as refusal:
        problem = to_problem(refusal)
        return pages.message(problem.text, problem.status)


def _receipt(sent: Sent) -> str:
    return sent.receipt or ""
