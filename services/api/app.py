"""The HTTP API: one Litestar application over one runtime."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from services.api.accounts import account_routes
from services.api.anonymous import Channel, anonymous_routes
from services.api.anonymous_pages import anonymous_pages
from services.api.ballots import ballot_routes
from services.api.commands import command_routes
from services.api.fee_imports import fee_import_routes
from services.api.files import file_routes
from services.api.identities import identity_routes
from services.api.imports import import_routes
from services.api.observability import Observability
from services.api.openapi import openapi_routes
from services.api.operators import operator_routes
from services.api.problems import answer
from services.api.queries import query_routes
from services.api.reads import read_routes
from services.api.requests import Desk
from services.api.system import system_routes
from services.logs import configure_logs
from services.runtime.commands import Clock
from services.runtime.memory import collect_rarely
from services.runtime.runtime import open_runtime, system_clock
from services.settings import Settings, from_environment


def create_app(settings: Settings, clock: Clock = system_clock) -> Observability:
    """The application, watched; it opens its runtime when the server starts it."""
    desk = Desk(settings)
    return Observability(create_litestar(desk, clock), desk.metrics)


def create_litestar(desk: Desk, clock: Clock = system_clock) -> Litestar:
    """The application as Litestar knows it."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with open_runtime(desk.settings, clock) as runtime:
            desk.open(runtime)
            yield

    return Litestar(
        route_handlers=[*routes(desk), *openapi_routes(lambda: routes(Desk(desk.settings)))],
        lifespan=[lifespan],
        exception_handlers={Exception: answer},
        openapi_config=None,  # it would serve pages of its own; our document is a route like any other
        request_max_body_size=desk.settings.max_body_bytes,
        logging_config=None,
    )


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """Every route of the API."""
    channel = Channel(desk)
    return [
        *system_routes(desk),
        *account_routes(desk),
        *operator_routes(desk),
        *ballot_routes(desk),
        *anonymous_routes(channel),
        *anonymous_pages(channel),
        *identity_routes(desk),
        *import_routes(desk),
        *fee_import_routes(desk),
        *file_routes(desk),
        *command_routes(desk),
        *read_routes(desk),
        *query_routes(desk),
    ]


def from_env() -> Observability:
    """What the server program starts: the application under this process's environment."""
    settings = from_environment()
    configure_logs(settings.log_level)
    application = create_app(settings)
    collect_rarely()
    return application
