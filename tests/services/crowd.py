"""Helpers of the API's tests: a second process, the people of a month, and what a problem must look like."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from domain.kernel import derived_id
from services.api.app import create_litestar
from services.api.observability import Observability
from services.api.requests import Desk
from services.runtime.runtime import open_runtime
from tests.services.conftest import Api, Caller

PROJECT = {
    "name": "东校区",
    "contractor": "Acme",
    "agreed_deposit_fen": 10_000_000,
    "contract_from": "2026-03-01",
    "contract_to": "2027-02-28",
    "starts_month": "2026-03",
}
FINDING = {"item_code": "hygiene.corridors", "found_on": "2026-03-02", "department": "后勤"}
MEMBERS_OF_PROBLEM = {"type", "title", "status", "code", "detail", "detail_en", "instance", "correlation_id"}


@asynccontextmanager
async def another_process(api: Api) -> AsyncIterator[Api]:
    """The service as a second process on the same database would run it: caches and limits of its own."""
    desk = Desk(api.desk.settings)
    app: Any = Observability(create_litestar(desk, api.clock), desk.metrics)
    async with open_runtime(api.desk.settings, api.clock) as runtime:
        desk.open(runtime)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://kaohe.test") as http:
            yield Api(desk, http, api.operator, api.clock)


def elsewhere(caller: Caller, process: Api) -> Caller:
    """The same caller, speaking to another process."""
    return Caller(process.http, caller.tenant, caller.slug, caller.token, caller.member)


def book_of(caller: Caller) -> UUID:
    """The id of the tenant's R14 rule book."""
    return derived_id(caller.tenant, "rule_book", "R14")


def assessment_of(project: str, month: str = "2026-03") -> UUID:
    """The id of a project's month."""
    return derived_id(UUID(project), "assessment", month)


async def adopt(caller: Caller) -> None:
    """Adopt the shipped rules from March 2026 on."""
    adopted = await caller.post("/v1/rule-books", {"regulation": "R14", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text


async def register(caller: Caller, **changes: object) -> str:
    """Register a project; its id."""
    registered = await caller.post("/v1/property-projects", {**PROJECT, **changes})
    assert registered.status_code == 201, registered.text
    found: str = registered.json()["id"]
    return found


def problem_of(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem document of an answer, after checking everything that all of them must hold to."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem.keys() >= MEMBERS_OF_PROBLEM
    assert problem["status"] == status
    assert problem["type"] == f"urn:kaohe:problem:{problem['code']}"
    assert problem["detail"]
    assert problem["detail_en"]
    assert problem["correlation_id"] == answer.headers["kaohe-correlation-id"]
    if code is not None:
        assert problem["code"] == code, answer.text
    return problem
