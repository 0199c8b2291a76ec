"""A property company that collects fees: its people, its units, and a period to close."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from domain.fee_account import FEE_ACCOUNT, account_id
from domain.fee_account.commands import OpenFeeAccount, SetStandingItem
from domain.fee_period import period_id
from infra.database import Database
from services.runtime.commands import CommandRequest
from services.runtime.tokens import parse
from services.worker.settling import settle
from tests.services.conftest import Api, Caller

ROLES = ("finance", "fee_collector", "project_head", "auditor", "operator")
FIRST_MONTH = "2026-03"
AT_ONCE = 200
PATIENCE_S = 120.0


class Estate:
    """A company with one person in each role, and one project."""

    def __init__(self, api: Api, admin: Caller, people: dict[str, Caller]) -> None:
        self.api = api
        self.admin = admin
        self.people = people
        self.project = uuid4()

    def __getitem__(self, role: str) -> Caller:
        return self.people[role]

    @property
    def tenant(self) -> UUID:
        """Whose it all is."""
        return self.admin.tenant

    def period(self, first_month: str = FIRST_MONTH) -> UUID:
        """The project's period that begins with a month."""
        return period_id(self.project, first_month)

    def account(self, number: int) -> UUID:
        """The account of a unit."""
        return account_id(self.project, "1", unit(number))

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self.tenant)

    async def at(self, *day: int) -> None:
        """It is the morning of this day, in Shanghai."""
        self.api.clock.now = datetime(*day, 1, tzinfo=UTC)
        await self.settle()

    async def send(self, path: str, body: object, role: str = "fee_collector") -> dict[str, Any]:
        """Send a command that is accepted; its first event."""
        answer = await self[role].post(path, body)
        assert answer.status_code in {200, 201}, answer.text
        found: dict[str, Any] = (answer.json()["events"] or [{}])[0]
        return found

    async def read(self, path: str, role: str = "finance", **query: str) -> Any:
        """What a query answers."""
        await self.settle()
        answer = await self[role].get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def open_period(self, first_month: str = FIRST_MONTH) -> None:
        """Open a period of the project."""
        body = {"project_id": str(self.project), "name": "东校区", "first_month": first_month}
        await self.send("/v1/fee-periods", body, "finance")

    async def close(self, first_month: str = FIRST_MONTH) -> None:
        """Begin to close a period."""
        await self.send(f"/v1/fee-periods/{self.period(first_month)}/close-fee-period", {}, "finance")

    async def units(self, numbers: Iterable[int]) -> None:
        """Units that are charged by their area, and for repairs of what is common."""
        token = parse(self["fee_collector"].token)
        assert token is not None
        runtime = self.api.desk.runtime
        authorise = runtime.authority.authorise(token)
        listed = list(numbers)
        for first in range(0, len(listed), AT_ONCE):
            requests = [
                CommandRequest(
                    tenant=self.tenant,
                    decider=FEE_ACCOUNT,
                    stream=self.account(number),
                    command=opened(self.project, number),
                    authorise=authorise,
                )
                for number in listed[first : first + AT_ONCE]
            ]
            await asyncio.gather(*(runtime.bus.execute(request) for request in requests))
            for item in standing():
                await asyncio.gather(
                    *(
                        runtime.bus.execute(
                            CommandRequest(
                                tenant=self.tenant,
                                decider=FEE_ACCOUNT,
                                stream=request.stream,
                                command=item,
                                authorise=authorise,
                            )
                        )
                        for request in requests
                    )
                )


def unit(number: int) -> str:
    """The unit of a number."""
    return f"1-{number:05}"


def opened(project: UUID, number: int) -> OpenFeeAccount:
    """A unit's account."""
    return OpenFeeAccount(
        project_id=project, unit=unit(number), building="1", owner=f"业主{number}", area_m2=Decimal("88.5")
    )


def standing() -> tuple[SetStandingItem, ...]:
    """What a unit is charged regularly."""
    return (
        SetStandingItem(item="property_fee", basis="area", from_month="2026-01"),
        SetStandingItem(item="common_repair", basis="fixed", quantity=Decimal(1), from_month="2026-01"),
    )


async def estate_of(api: Api, effective_from: str = "2026-01-01") -> Estate:
    """A company under the shipped rules."""
    admin = await api.tenant()
    people = {role: await api.member(admin, role) for role in ROLES}
    adopted = await admin.post("/v1/rule-books", {"regulation": "R13", "effective_from": effective_from})
    assert adopted.status_code == 201, adopted.text
    return Estate(api, admin, people)


async def run_of(database: Database, tenant: UUID, period: UUID) -> dict[str, Any]:
    """How far the closing of a period has come; nothing before it began."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        row = await connection.fetchrow(
            "select * from fee_runs where tenant_id = $1 and period_id = $2", tenant, period
        )
    return {} if row is None else dict(row)


async def until_done(database: Database, tenant: UUID, period: UUID, at_least: int) -> dict[str, Any]:
    """The run once so many accounts have had their turn; `TimeoutError` when it takes too long."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        run = await run_of(database, tenant, period)
        if run.get("done", 0) >= at_least:
            return run
        await asyncio.sleep(0.005)
    raise TimeoutError(f"the closing has not come to {at_least}")


async def notices_of(database: Database, tenant: UUID) -> list[tuple[UUID, int]]:
    """Every notice of a period's end that was given: the account, and its number within the period."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select originator_id, (convert_from(state, 'UTF8')::jsonb ->> 'serial')::integer as serial from events"
            " where tenant_id = $1 and topic = 'fee_account.period_charged' order by position",
            tenant,
        )
    return [(row["originator_id"], row["serial"]) for row in rows]
