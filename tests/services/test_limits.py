"""Limits per tenant: a rate and a number in flight; a flood of one leaves the others alone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest

from services.api.app import create_litestar
from services.api.limits import InFlightLimit, RateLimit
from services.api.observability import Observability
from services.api.problems import Problem
from services.api.requests import Desk
from services.runtime.runtime import open_runtime
from tests.services.conftest import Api
from tests.services.crowd import elsewhere, problem_of


@pytest.fixture
async def strict(api: Api) -> AsyncIterator[Api]:
    """A process with narrow limits."""
    settings = msgspec.structs.replace(
        api.desk.settings, tenant_rate=0.5, tenant_burst=5, tenant_in_flight=2, max_body_bytes=2_000
    )
    desk = Desk(settings)
    app: Any = Observability(create_litestar(desk, api.clock), desk.metrics)
    async with open_runtime(settings, api.clock) as runtime:
        desk.open(runtime)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kaohe.test") as http:
            yield Api(desk, http, api.operator, api.clock)


async def test_one_tenants_flood_is_turned_away_and_anothers_request_is_not(api: Api, strict: Api) -> None:
    """Beyond the burst 429 with the seconds to wait, for that tenant alone."""
    loud, quiet = elsewhere(await api.tenant(), strict), elsewhere(await api.tenant(), strict)
    answers = [await loud.get("/v1/me") for _ in range(6)]

    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    problem_of(answers[5], 429, "too_many_requests")
    assert int(answers[5].headers["retry-after"]) >= 1
    assert (await quiet.get("/v1/me")).status_code == 200


async def test_only_so_many_are_in_flight(api: Api, strict: Api) -> None:
    """Of four requests at once two are answered and two turned away."""
    caller = elsewhere(await api.tenant(), strict)
    answers = await asyncio.gather(*(caller.get("/v1/me") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 429, 429]
    assert (await caller.get("/v1/me")).status_code == 200


async def test_a_body_over_the_limit_is_413(api: Api, strict: Api) -> None:
    """A body that is too large is not read to its end, whatever is in it."""
    caller = elsewhere(await api.tenant(), strict)
    answer = await caller.post(
        "/v1/property-projects",
        content=b'{"name": "' + b"x" * 5_000 + b'"}',
        headers={"Content-Type": "application/json"},
    )

    assert problem_of(answer, 413, "body_too_large")


def test_the_bucket_refills_with_time() -> None:
    """After the burst one request is admitted for each refill, and never more than the burst at once."""
    now = 0.0
    limit: RateLimit[str] = RateLimit(2.0, 3, lambda: now)
    for _ in range(3):
        limit.admit("a")
    with pytest.raises(Problem):
        limit.admit("a")
    now = 0.5
    limit.admit("a")
    with pytest.raises(Problem):
        limit.admit("a")
    now = 1_000.0
    for _ in range(3):
        limit.admit("a")
    with pytest.raises(Problem):
        limit.admit("a")


def test_what_is_done_is_in_flight_no_more() -> None:
    """A request that fails gives its place back like any other."""
    limit: InFlightLimit[str] = InFlightLimit(1)
    with pytest.raises(RuntimeError, match="failed"), limit.holding("a"):
        raise RuntimeError("failed")
    with limit.holding("a"), pytest.raises(Problem), limit.holding("a"):
        pass
    with limit.holding("a"), limit.holding("b"):
        pass
