"""A sales office with people in the roles of the ladder, for the tests of notices."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import derived_id
from services.worker.settling import settle_with
from services.worker.work import Work, work_of
from tests.services.conftest import Api, Caller

ROLES = ("service_desk", "handler", "director_assistant", "deputy_director", "sales_director", "personnel")


class Office(msgspec.Struct):
    """A tenant under R11 with a member in each role of the ladder."""

    api: Api
    admin: Caller
    work: Work
    people: dict[str, Caller]

    async def lodge(self) -> UUID:
        """Lodge a customer's complaint."""
        body = {
            "complainant": "customer",
            "kind": "contract",
            "subject": "合同迟迟未办",
            "description": "签约两个月仍未拿到合同",
            "departments": ["销售部"],
        }
        lodged = await self.people["service_desk"].post("/v1/complaints", body)
        assert lodged.status_code == 201, lodged.text
        return UUID(lodged.json()["id"])

    async def assign(self, complaint: UUID) -> None:
        """Make the handler responsible."""
        body = {
            "responsible": str(self.people["handler"].member),
            "joint": [
                {"role": role, "person": str(self.people[role].member)}
                for role in ("sales_director", "director_assistant")
            ],
        }
        assigned = await self.people["service_desk"].post(f"/v1/complaints/{complaint}/assign-complaint", body)
        assert assigned.status_code == 200, assigned.text

    async def settle(self, **later: float) -> None:
        """Let time pass, and everything happen that is to happen by then."""
        until = self.api.clock.now + timedelta(**later)
        while self.api.clock.now < until:
            self.api.clock.now = min(until, self.api.clock.now + timedelta(minutes=30))
            await settle_with(self.work, self.admin.tenant)
        await settle_with(self.work, self.admin.tenant)

    async def inbox(self, role: str) -> list[dict[str, Any]]:
        """What lies in the inbox of the member in a role."""
        answer = await self.people[role].get("/v1/inbox", params={"limit": "200"})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def rows(self, table: str) -> list[Any]:
        """The tenant's rows of a table."""
        async with self.work.runtime.database.tenant_transaction(self.admin.tenant, read_only=True) as connection:
            return await connection.fetch(f"select * from {table} where tenant_id = $1", self.admin.tenant)


async def office(api: Api) -> Office:
    """An office, on a Monday at nine."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    people = {role: await api.member(admin, role) for role in ROLES}
    work = work_of(api.desk.runtime)
    made = Office(api, admin, work, people)
    await made.settle()
    return made


def events_in(items: list[dict[str, Any]]) -> list[str]:
    """The events that notices tell of, sorted."""
    return sorted(item["event"] for item in items)


def inbox_id(tenant: UUID, cause: str, member: UUID) -> UUID:
    """The id of a cause's notice in a member's inbox."""
    return derived_id(tenant, "inbox", cause, member)
