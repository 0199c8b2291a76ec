"""The platform's operator: provisions tenants, suspends and resumes them, and sees none of their content."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.organisation import ORGANISATION
from domain.organisation.messages import SuspendOrganisation
from services.runtime.commands import CommandRequest
from services.runtime.principal import Principal
from tests.services.conftest import PASSWORD, Api
from tests.services.crowd import problem_of, register

ORGANISATION_BODY = {"name": "某大学后勤", "admin_username": "head", "admin_display_name": "处长"}


class Office:
    """The operator at work over HTTP."""

    def __init__(self, api: Api, token: str) -> None:
        self.api = api
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> httpx.Response:
        """GET as the operator."""
        return await self.api.http.get(path, headers=self.headers)

    async def post(self, path: str, body: object) -> httpx.Response:
        """POST as the operator."""
        return await self.api.http.post(path, json=body, headers=self.headers)

    async def provision(self, slug: str, **organisation: str) -> httpx.Response:
        """Provision a tenant."""
        body = {"slug": slug, "organisation": {**ORGANISATION_BODY, **organisation}, "admin_password": PASSWORD}
        return await self.post("/v1/platform/tenants", body)


@pytest.fixture
async def office(api: Api) -> Office:
    """The operator, signed in."""
    signed_in = await api.http.post("/v1/platform/sessions", json={"username": "operator", "password": PASSWORD})
    assert signed_in.status_code == 201, signed_in.text
    return Office(api, signed_in.json()["token"])


def _slug() -> str:
    return f"t{uuid4().hex[:12]}"


async def _signs_in(api: Api, slug: str, username: str = "head") -> int:
    body = {"organisation": slug, "username": username, "password": PASSWORD}
    return (await api.http.post("/v1/sessions", json=body)).status_code


async def test_a_provisioned_tenant_can_be_signed_in_to(api: Api, office: Office) -> None:
    """With its slug, the administrator's name and the password given."""
    slug = _slug()

    made = await office.provision(slug)

    assert made.status_code == 201, made.text
    assert made.json()["slug"] == slug
    assert await _signs_in(api, slug) == 201


async def test_a_slug_is_given_once(api: Api, office: Office) -> None:
    """Whoever comes second is told, and the first keeps the administrator and the password."""
    slug = _slug()
    await office.provision(slug)

    again = await office.provision(slug)
    other = await office.provision(slug, admin_username="other")

    assert problem_of(again, 422, "slug_taken")["field"] == "/slug"
    problem_of(other, 422, "slug_taken")
    assert (await _signs_in(api, slug), await _signs_in(api, slug, "other")) == (201, 401)


@pytest.mark.parametrize(
    "slug", ["", "a", "ab", "A-b", "-ab", "ab-", "1ab", "a_b", "a b", "大学", "a" * 41, "abc\n", "a.b"]
)
async def test_a_slug_is_a_plain_word(office: Office, slug: str) -> None:
    """Lower-case letters, digits and hyphens, 3 to 40 of them, beginning with a letter."""
    assert problem_of(await office.provision(slug), 422, "invalid_value")["field"] == "/slug"


async def test_a_zone_that_does_not_exist_leaves_the_slug_free(api: Api, office: Office) -> None:
    """A refused provisioning can be sent again, put right."""
    slug = _slug()

    problem_of(await office.provision(slug, timezone="Mars/Olympus"), 422)
    made = await office.provision(slug)

    assert made.status_code == 201, made.text
    assert await _signs_in(api, slug) == 201


async def test_provisioning_cut_off_before_the_organisation_is_taken_up(api: Api, office: Office) -> None:
    """The slug was claimed and nothing else: the next attempt goes on from there."""
    slug, tenant = _slug(), uuid4()
    async with api.desk.runtime.database.platform() as connection:
        await connection.execute("insert into tenants (tenant_id, slug, name) values ($1, $2, $2)", tenant, slug)
        await connection.execute("insert into ledger (tenant_id) values ($1)", tenant)

    made = await office.provision(slug)

    assert (made.status_code, made.json()["tenant_id"]) == (201, str(tenant))
    assert await _signs_in(api, slug) == 201


async def test_provisioning_cut_off_before_the_password_is_taken_up(api: Api, office: Office) -> None:
    """The organisation was there but nobody could sign in: the next attempt sets the password, and no other name's."""
    slug = _slug()
    first = (await office.provision(slug)).json()
    tenant = UUID(first["tenant_id"])
    async with api.desk.runtime.database.tenant_transaction(tenant) as connection:
        await connection.execute("delete from credentials where tenant_id = $1", tenant)
    assert await _signs_in(api, slug) == 401

    other = await office.provision(slug, admin_username="other")
    again = await office.provision(slug)

    problem_of(other, 422, "slug_taken")
    assert (again.status_code, again.json()) == (201, first)
    assert await _signs_in(api, slug) == 201


async def test_suspending_and_resuming_over_http(api: Api, office: Office) -> None:
    """Members hear it on their next request; a suspended organisation can't be signed in to; resumed, all goes on."""
    admin = await api.tenant()
    at = f"/v1/platform/tenants/{admin.tenant}"

    assert (await office.post(f"{at}/suspend", {"reason": "欠费"})).status_code == 204
    problem_of(await admin.get("/v1/me"), 403, "tenant_suspended")
    problem_of(await office.post(f"{at}/suspend", {"reason": "欠费"}), 409)

    assert (await office.post(f"{at}/resume", {"reason": "已缴"})).status_code == 204
    assert (await admin.get("/v1/me")).status_code == 200
    problem_of(await office.post(f"{at}/resume", {"reason": "已缴"}), 409, "not_suspended")
    kinds = [entry["actor_kind"] for entry in (await _history(admin))[-2:]]
    assert kinds == ["operator", "operator"]


async def _history(admin: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await admin.get(f"/v1/organisations/{admin.tenant}/history")).json()["items"]
    return found


async def test_a_suspension_cut_off_half_way_is_taken_up(api: Api, office: Office) -> None:
    """The event was there and the doors still open: suspending again shuts them, with no second event."""
    admin = await api.tenant()

    async def operator(_: Any) -> Principal:
        return api.operator

    await api.desk.runtime.bus.execute(
        CommandRequest(
            tenant=admin.tenant,
            decider=ORGANISATION,
            stream=admin.tenant,
            command=SuspendOrganisation(reason="欠费"),
            authorise=operator,
        )
    )
    assert (await admin.get("/v1/me")).status_code == 200

    assert (await office.post(f"/v1/platform/tenants/{admin.tenant}/suspend", {"reason": "欠费"})).status_code == 204

    problem_of(await admin.get("/v1/me"), 403, "tenant_suspended")
    await office.post(f"/v1/platform/tenants/{admin.tenant}/resume", {"reason": "已缴"})
    types = [entry["type"] for entry in await _history(admin)]
    assert types.count("organisation.suspended") == 1


@pytest.mark.parametrize("tenant", ["6f0c1f0e-5a58-4d7e-9d2c-6b616f686500", "none", "%00"])
@pytest.mark.parametrize("step", ["suspend", "resume"])
async def test_a_tenant_that_does_not_exist_is_not_found(office: Office, tenant: str, step: str) -> None:
    """To the operator it is an unknown address, not a bad credential."""
    assert problem_of(await office.post(f"/v1/platform/tenants/{tenant}/{step}", {"reason": "x"}), 404, "not_found")


async def test_operators_and_members_have_doors_of_their_own(api: Api, office: Office) -> None:
    """Neither credential opens the other's door."""
    admin = await api.tenant()

    assert problem_of(await admin.get("/v1/platform/tenants"), 401)
    assert problem_of(await admin.post("/v1/platform/tenants", {}), 401)
    assert problem_of(await admin.post(f"/v1/platform/tenants/{admin.tenant}/suspend", {"reason": "x"}), 401)
    for path in ("/v1/me", f"/v1/organisations/{admin.tenant}", "/v1/members", "/v1/property-projects"):
        assert problem_of(await office.get(path), 401)
    assert problem_of(await office.post(f"/v1/organisations/{admin.tenant}/add-member", {}), 401)


async def test_an_operators_session_ends(api: Api, office: Office) -> None:
    """By the clock, and with a new password."""
    api.clock.forward(hours=api.desk.settings.session_hours, seconds=1)
    problem_of(await office.get("/v1/platform/tenants"), 401)
    api.clock.forward(hours=-2)
    assert (await office.get("/v1/platform/tenants")).status_code == 200

    await api.desk.platform.add_operator("operator", PASSWORD)

    problem_of(await office.get("/v1/platform/tenants"), 401)


async def test_an_operator_with_a_wrong_password_is_not_let_in(api: Api) -> None:
    """Alike for a known and an unknown name."""
    answers = [
        await api.http.post("/v1/platform/sessions", json={"username": name, "password": "wrong password"})
        for name in ("operator", "nobody")
    ]

    assert len({tuple(sorted(problem_of(answer, 401, "unauthenticated"))) for answer in answers}) == 1


async def test_the_list_of_tenants_is_paged_and_shows_no_content(api: Api, office: Office) -> None:
    """All tenants by slug, each once, with status and name; nothing of what is inside."""
    slugs = [f"list-{uuid4().hex[:8]}" for _ in range(3)]
    admins = [await api.tenant(slug) for slug in slugs]
    registrar = await api.member(admins[0], "registrar")
    await register(registrar, name="秘密校区")
    found: list[dict[str, Any]] = []
    path: str | None = "/v1/platform/tenants?limit=2"
    while path is not None:
        page = await office.get(path)
        assert "秘密校区" not in page.text
        found += page.json()["items"]
        following = page.json()["next"]
        path = f"/v1/platform/tenants?limit=2&cursor={following}" if following else None

    listed = [tenant["slug"] for tenant in found]
    assert listed == sorted(set(listed))
    assert set(slugs) <= set(listed)
    assert {tuple(tenant) for tenant in found} == {("created_at", "name", "slug", "status", "tenant_id")}
    assert problem_of(await office.get("/v1/platform/tenants?cursor=Ilx1MDAwMCI"), 400, "bad_cursor")


async def test_the_last_administrator_can_not_be_shut_out(api: Api) -> None:
    """Neither disabled nor stripped of the role; with a second one it may be."""
    admin = await api.tenant()
    at = f"/v1/organisations/{admin.tenant}"
    myself = str(admin.member)

    disabled = await admin.post(f"{at}/disable-member", {"member_id": myself, "reason": "x"})
    revoked = await admin.post(f"{at}/revoke-role", {"member_id": myself, "role": "tenant_admin"})
    problem_of(disabled, 409)
    problem_of(revoked, 409)

    second = await api.member(admin, "tenant_admin")
    gone = await second.post(f"{at}/disable-member", {"member_id": myself, "reason": "x"})
    assert gone.status_code == 200
    problem_of(await admin.get("/v1/me"), 401)


async def test_a_key_resets_nobodys_password(api: Api) -> None:
    """Else a key made for adding members would open every account, the administrators' too."""
    admin = await api.tenant()
    member = await api.member(admin, "auditor")
    body = {
        "name": "人事",
        "scopes": ["organisation.add_member"],
        "expires_at": (api.clock() + timedelta(days=1)).isoformat(),
    }
    key = (await admin.post("/v1/me/api-keys", body)).json()["key"]

    answer = await api.http.post(
        f"/v1/members/{member.member}/password",
        json={"password": "a password of mine"},
        headers={"Authorization": f"Bearer {key}"},
    )

    problem_of(answer, 403, "members_only")
    assert (await member.get("/v1/me")).status_code == 200
