"""A tenant with a year behind it, and the addresses of the queries about it."""

from typing import Any
from uuid import UUID, uuid4

from domain.kernel import derived_id
from infra.eventstore import append_on
from infra.follower import Follower
from infra.recordings import NewEvent, Recording
from infra.wire import Metadata, canonical
from projections.catalogue import PROJECTIONS
from tests.domain.story import DEPOSIT, assessment_of
from tests.domain.world import RULES
from tests.projections.folding import placed, year
from tests.services.conftest import Api, Caller

SCORES = "/v1/reports/monthly-scores"
STATEMENT = f"/v1/contract-deposits/{DEPOSIT}/statement"
SCORECARD = f"/v1/assessments/{assessment_of('2026-05')}/scorecard"
LISTS = (
    SCORES,
    f"{SCORES}/summary",
    "/v1/reports/open-assessments",
    "/v1/reports/attention",
    "/v1/assessments",
    "/v1/property-projects",
    "/v1/contract-deposits",
    "/v1/members",
    "/v1/complaints",
    "/v1/reports/complaints-due",
    "/v1/reports/complaint-times",
    "/v1/penalty-ledgers",
    "/v1/reports/double-draws",
    STATEMENT,
)
OTHERS = (SCORECARD, "/v1/rule-books", "/v1/rules/R14/fields", "/v1/clauses")


async def follow(api: Api, tenant: UUID) -> None:
    """Bring the tenant's projections to its last event."""
    await Follower(api.desk.runtime.database, api.desk.runtime.mapper, PROJECTIONS).follow(tenant)


async def lived(api: Api, events: int | None = None) -> Caller:
    """An administrator whose tenant has the year behind it, or the first of its events, its projections followed."""
    caller = await api.tenant()
    book = derived_id(caller.tenant, "rule_book", "R14")
    encode = api.desk.runtime.mapper.encode
    told = [
        NewEvent(book if each.stream_id == RULES else each.stream_id, each.version, *encode(each.event))
        for each in placed(year().log[:events])
        if not str(each.event.__struct_config__.tag).startswith("organisation.")
    ]
    metadata = canonical(Metadata(command_id=uuid4(), command="story.tell", actor_kind="system"))
    recording = Recording(events=told, metadata=metadata, recorded_at=api.clock(), configures=True)
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        await append_on(connection, caller.tenant, [recording])
    await follow(api, caller.tenant)
    return caller


def until(event: str) -> int:
    """How many events of the year come before the first of a kind."""
    return next(n for n, (*_, told) in enumerate(year().log) if type(told).__name__ == event)


async def pages(caller: Caller, path: str, **params: Any) -> list[dict[str, Any]]:
    """All items of a list, fetched one by one."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await caller.get(path, params={**params, "limit": "1", **cursor})
        assert page.status_code == 200, page.text
        assert len(page.json()["items"]) <= 1
        items += page.json()["items"]
        if page.json()["next"] is None:
            return items
        cursor = {"cursor": page.json()["next"]}
