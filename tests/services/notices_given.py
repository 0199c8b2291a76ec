"""A sales office with people in the roles of the ladder, for the tests of notices."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

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
        await settle_with(self.work, self.admin.tenant)
        left = timedelta(**later)
        while left > timedelta(0):
            passed = min(left, timedelta(minutes=30))
            self.api.clock.now += passed
            left -= passed
            await settle_with(self.work, self.admin.tenant)

    async def inbox(self, role: str) -> list[dict[str, Any]]:
        """What lies in the inbox of the member in a role."""
        answer = await self.people[role].get("/v1/inbox", params={"limit": "200"})
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def endpoint(self, kind: str, url: str, **more: Any) -> dict[str, Any]:
        """Add an endpoint that takes everything; what was answered."""
        body = {"kind": kind, "name": f"{kind} {uuid4().hex[:6]}", "url": url, "takes": "all", **more}
        added = await self.admin.post("/v1/notice-endpoints", body)
        assert added.status_code == 201, added.text
        answer: dict[str, Any] = added.json()
        return answer

    async def address(self, role: str, takes: str = "all") -> str:
        """Give the member in a role a mail address."""
        email = f"{role}@mail.example"
        put = await self.people[role].post("/v1/me/notice-address", {"email": email, "takes": takes})
        assert put.status_code == 200, put.text
        return email

    async def deliveries(self, state: str | None = None) -> list[dict[str, Any]]:
        """What the administrators see of deliveries, the latest first."""
        answer = await self.admin.get(
            "/v1/notice-deliveries", params={"limit": "200", **({"state": state} if state else {})}
        )
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
