"""A correlation id, one log line and the metrics of every request, in one thin ASGI layer.

No body, no query string, no address and no credential is logged; of the anonymous channel nothing at all.
"""

import re
import secrets
import time
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.api.anonymity import HEADERS as ANONYMOUS_HEADERS
from services.api.anonymity import is_anonymous

log = structlog.get_logger(__name__)

CORRELATION_HEADER = b"kaohe-correlation-id"
_ACCEPTED = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)


class Metrics:
    """The Prometheus metrics of one API process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "kaohe_requests",
            "Requests by route, method and status",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "kaohe_request_seconds", "Time to answer by route", ("route",), buckets=_BUCKETS, registry=self.registry
        )
        self.in_flight = Gauge("kaohe_requests_in_flight", "Requests being answered", registry=self.registry)
        self.problems = Counter("kaohe_problems", "Problem answers by code", ("code",), registry=self.registry)
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request; the metrics of its labels are looked up once."""
        key = (route, method, status)
        found = self._children.get(key)
        if found is None:
            found = self._children[key] = self.requests.labels(*key), self.seconds.labels(route)
        requests, times = found
        requests.inc()
        times.observe(seconds)


class Observability:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, watched."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        if is_anonymous(scope["path"]):
            await self._unwatched(scope, receive, send)
            return
        state: dict[str, Any] = {}
        scope["state"] = state
        correlation = _correlation(scope)
        state["correlation"] = correlation
        status = 500
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (CORRELATION_HEADER, correlation.encode())]
                message["headers"] = headers
            await send(message)

        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, watched)
        finally:
            self._metrics.in_flight.dec()
            self._count(scope, status, time.perf_counter() - started)

    async def _unwatched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of which nothing is to be known: no line, no metric, no word of the client's is kept."""
        correlation = secrets.token_hex(16)
        scope["state"] = {"correlation": correlation, "anonymous": True}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in ANONYMOUS_HEADERS}
                headers = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in names]
                message["headers"] = [*headers, *ANONYMOUS_HEADERS, (CORRELATION_HEADER, correlation.encode())]
            await send(message)

        await self._app(scope, receive, guarded)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        state: Any = scope["state"]
        route = str(scope.get("path_template") or "unmatched")
        method = scope["method"]  # type: ignore[typeddict-item]
        if method not in _METHODS:
            method = "other"  # a client may send any word, and each label value is kept for good
        self._metrics.count(route, method, status, seconds)
        problem = state.get("problem")
        if problem:
            self._metrics.problems.labels(problem).inc()
        log.info(
            "request",
            correlation_id=state["correlation"],
            method=method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 2),
            tenant=state.get("tenant"),
            problem=problem,
        )


def _correlation(scope: Scope) -> str:
    """The client's correlation id if it is a plain one, else a new one."""
    for name, value in scope["headers"]:
        if name == CORRELATION_HEADER and _ACCEPTED.fullmatch(value):
            return value.decode()
    return secrets.token_hex(16)
