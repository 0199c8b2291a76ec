"""A property company over HTTP: a collector, finance, its manager, an auditor, and a stranger of another tenant."""

from uuid import UUID

from services.worker.settling import settle
from tests.services.conftest import Api, Caller

PROJECT = str(UUID(int=0xF1))
ROLES = {
    "collector": ("fee_collector",),
    "finance": ("finance",),
    "manager": ("company_manager",),
    "second": ("finance",),
    "auditor": ("auditor",),
    "staff": ("staff",),
}


class House:
    """One company and its people by what they are."""

    def __init__(self, api: Api, admin: Caller, people: dict[str, Caller]) -> None:
        self.api = api
        self.admin = admin
        self.people = people

    def __getitem__(self, who: str) -> Caller:
        return self.people[who]

    async def send(self, who: str, path: str, body: object) -> dict:
        """A command that is accepted; its first event, or nothing."""
        answer = await self[who].post(f"/v1/{path}", body)
        assert answer.status_code in (200, 201), answer.text
        await self.settle()
        return answer.json()

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self.admin.tenant)

    async def read(self, who: str, path: str, **query: str) -> dict:
        """An answer as somebody reads it."""
        answer = await self[who].get(f"/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, who: str, path: str, body: object) -> tuple[int, str]:
        """Status and code of what is refused."""
        answer = await self[who].post(f"/v1/{path}", body)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        return answer.status_code, answer.json()["code"]

    async def account(self, unit: str, building: str = "2", project: str = PROJECT) -> str:
        """A unit's account; its id."""
        body = {"project_id": project, "unit": unit, "building": building, "owner": "孙八", "area_m2": "80"}
        return (await self.send("collector", "fee-accounts", body))["id"]

    async def charge(self, account: str, item: str, month: str = "2026-02", quantity: str = "10") -> None:
        """A month of an item."""
        body = {"item": item, "first_month": month, "last_month": month, "quantity": quantity}
        await self.send("collector", f"fee-accounts/{account}/charge-fee", body)


async def house_of(api: Api) -> House:
    """A company under the shipped rules, and a stranger."""
    admin = await api.tenant()
    people = {who: await api.member(admin, *roles) for who, roles in ROLES.items()}
    people["stranger"] = await api.member(await api.tenant(), "finance", "fee_collector", "auditor")
    answer = await admin.post("/v1/rule-books", {"regulation": "R13", "effective_from": "2026-01-01"})
    assert answer.status_code == 201, answer.text
    return House(api, admin, people)
