"""Health, readiness and metrics."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from infra.catalogue_check import findings
from infra.database import CONNECTION_LOST
from services.api.bodies import json_response
from services.api.requests import Desk


class Health(msgspec.Struct, frozen=True):
    """Whether this process is alive."""

    status: str


class Readiness(msgspec.Struct, frozen=True):
    """Whether this process can serve: the database must; without Valkey it only wakes others later."""

    status: str
    database: str
    valkey: str


def system_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The routes of this module."""

    @get("/healthz", opt={"public": True}, tags=["system"], summary="存活 · Alive")
    async def health() -> Health:
        """Answers while the process runs."""
        return Health("ok")

    @get("/readyz", opt={"public": True}, tags=["system"], summary="就绪 · Ready")
    async def readiness() -> Response[Readiness]:
        """200 when the database answers and is sound, else 503."""
        try:
            wrong = await findings(desk.runtime.database)
            database = "ok" if not wrong else "unsound; run `kaohe doctor`"
        except CONNECTION_LOST:
            database = "away"
        valkey = "ok" if await desk.runtime.hints.ping() else "away"
        ready = database == "ok"
        return json_response(Readiness("ready" if ready else "not ready", database, valkey), 200 if ready else 503)

    @get("/metrics", opt={"public": True}, tags=["system"], summary="指标 · Prometheus metrics")
    async def metrics() -> Response[bytes]:
        """Metrics of this process in Prometheus' text format."""
        content: Any = generate_latest(desk.metrics.registry)
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    return [health, readiness, metrics]
