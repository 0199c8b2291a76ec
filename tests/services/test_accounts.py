"""Accounts: what is stored of secrets, and that whoever is out is out on the next request, in every process."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.runtime.throttle import LOCK_S, MAX_FAILURES
from tests.conftest import TestDatabase
from tests.services.conftest import ADMIN, PASSWORD, Api, Caller
from tests.services.crowd import another_process, elsewhere, problem_of, register


@pytest.fixture
async def second(api: Api) -> AsyncIterator[Api]:
    """A second process of the service."""
    async with another_process(api) as process:
        yield process


async def _login(api: Api, slug: str, username: str = ADMIN, password: str = PASSWORD, **headers: str) -> Any:
    body = {"organisation": slug, "username": username, "password": password}
    return await api.http.post("/v1/sessions", json=body, headers=headers)


async def test_no_secret_is_stored(api: Api, module_database: TestDatabase) -> None:
    """Neither password nor token nor key stands anywhere in the database; passwords are argon2id hashes."""
    admin = await api.tenant()
    session = (await _login(api, admin.slug)).json()["token"]
    made = await admin.post(
        "/v1/me/api-keys",
        {"name": "k", "scopes": ["assessment.read"], "expires_at": (api.clock() + timedelta(days=1)).isoformat()},
    )
    key = made.json()["key"]
    with psycopg.connect(module_database.owner_url) as owner:
        tables = owner.execute(
            "select relname from pg_class where relnamespace = 'kaohe'::regnamespace and relkind = 'r'"
        )
        stored = "\n".join(
            str(row) for (table,) in tables.fetchall() for row in owner.execute(f'select * from kaohe."{table}"')
        )
        hashes = [row[0] for row in owner.execute("select password_hash from kaohe.credentials")]

    for secret in (PASSWORD, session.rsplit(".", 1)[1], key.rsplit(".", 1)[1]):
        assert secret not in stored
    assert hashes
    assert all(one.startswith("$argon2id$") for one in hashes)


async def test_tokens_rotate_at_login(api: Api) -> None:
    """A session sent along with a login ends; the new one works."""
    admin = await api.tenant()
    rotated = await _login(api, admin.slug, Authorization=f"Bearer {admin.token}")

    assert rotated.status_code == 201
    problem_of(await admin.get("/v1/me"), 401)
    admin.token = rotated.json()["token"]
    assert (await admin.get("/v1/me")).status_code == 200


async def test_signing_out_ends_the_session_everywhere(api: Api, second: Api) -> None:
    """A second process that knows the session refuses it on the next request."""
    admin = await api.tenant()
    there = elsewhere(admin, second)
    assert (await there.get("/v1/me")).status_code == 200

    assert (await admin.delete("/v1/sessions/current")).status_code == 204

    problem_of(await there.get("/v1/me"), 401, "unauthenticated")
    problem_of(await admin.get("/v1/me"), 401, "unauthenticated")


async def test_a_disabled_member_is_out_on_the_next_request(api: Api, second: Api) -> None:
    """Command and read alike are refused in a process that had the member cached, and login is, too."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar", username="dora")
    there = elsewhere(registrar, second)
    await register(there)

    body = {"member_id": str(registrar.member), "reason": "离职"}
    disabled = await admin.post(f"/v1/organisations/{admin.tenant}/disable-member", body)

    assert disabled.status_code == 200
    problem_of(await there.post("/v1/property-projects", {}), 422)  # the body is looked at first
    for caller in (there, registrar):
        problem_of(await caller.get("/v1/me"), 401, "unauthenticated")
        with pytest.raises(AssertionError, match="unauthenticated"):
            await register(caller)
    problem_of(await _login(api, admin.slug, "dora"), 401)


async def test_a_revoked_role_counts_on_the_next_command(api: Api, second: Api) -> None:
    """A process that knows the member with the role refuses the command once the role is gone."""
    admin = await api.tenant()
    member = await api.member(admin, "registrar", "auditor")
    there = elsewhere(member, second)
    await register(there)

    body = {"member_id": str(member.member), "role": "registrar"}
    assert (await admin.post(f"/v1/organisations/{admin.tenant}/revoke-role", body)).status_code == 200

    with pytest.raises(AssertionError, match="forbidden"):
        await register(there)


async def test_a_key_does_what_it_is_scoped_to_until_it_ends(api: Api) -> None:
    """A key reads within its scopes, makes no further key, expires by the clock and is out once revoked."""
    admin = await api.tenant()
    expires_at = (api.clock() + timedelta(days=1)).isoformat()
    made = await admin.post(
        "/v1/me/api-keys", {"name": "报表", "scopes": ["property_project.read"], "expires_at": expires_at}
    )
    key = Caller(api.http, admin.tenant, admin.slug, made.json()["key"], admin.member)

    assert (await key.get("/v1/property-projects")).status_code == 200
    problem_of(await key.get("/v1/members"), 403, "forbidden")
    body = {"name": "x", "scopes": ["property_project.read"], "expires_at": expires_at}
    problem_of(await key.post("/v1/me/api-keys", body), 403, "members_only")
    assert made.json()["key"] not in (await admin.get("/v1/me/api-keys")).text

    api.clock.forward(days=2)
    problem_of(await key.get("/v1/property-projects"), 401)
    api.clock.forward(days=-2)
    assert (await admin.delete(f"/v1/me/api-keys/{made.json()['key_id']}")).status_code == 204
    problem_of(await key.get("/v1/property-projects"), 401)


async def test_a_scope_beyond_ones_own_permissions_is_refused(api: Api) -> None:
    """Nobody lends what he does not have, nor for longer than a year."""
    auditor = await api.member(await api.tenant(), "auditor")
    soon, late = (api.clock() + timedelta(days=days) for days in (1, 400))
    beyond = {"name": "k", "scopes": ["assessment.record_finding"], "expires_at": soon.isoformat()}
    endless = {"name": "k", "scopes": ["assessment.read"], "expires_at": late.isoformat()}

    assert problem_of(await auditor.post("/v1/me/api-keys", beyond), 422, "scope_not_held")
    assert problem_of(await auditor.post("/v1/me/api-keys", endless), 422, "bad_expiry")


@pytest.mark.parametrize("who", ["member", "nobody", "no organisation"])
async def test_guessing_locks_a_login_whether_it_exists_or_not(api: Api, who: str) -> None:
    """The same answers, in the same order, for an account, for none, and for no organisation; the clock unlocks."""
    admin = await api.tenant()
    slug = admin.slug if who != "no organisation" else "nowhere-at-all"
    username = ADMIN if who == "member" else "nobody"
    codes = [(await _login(api, slug, username, "wrong password")).json()["code"] for _ in range(MAX_FAILURES + 1)]

    assert codes == ["unauthenticated"] * MAX_FAILURES + ["login_locked"]
    locked = await _login(api, slug, username)
    assert problem_of(locked, 429, "login_locked")["status"] == 429
    assert 0 < int(locked.headers["retry-after"]) <= LOCK_S + 1

    api.clock.forward(seconds=LOCK_S + 1)
    after = await _login(api, slug, username)
    assert after.status_code == (201 if who == "member" else 401)


async def test_a_new_password_ends_all_sessions(api: Api) -> None:
    """The old password is asked for; afterwards every session is out and only the new password opens one."""
    admin = await api.tenant()
    wrong = {"old_password": "not the old one", "new_password": "a fresh long password"}
    problem_of(await admin.post("/v1/me/password", wrong), 422, "wrong_password")

    right = {"old_password": PASSWORD, "new_password": "a fresh long password"}
    assert (await admin.post("/v1/me/password", right)).status_code == 204

    problem_of(await admin.get("/v1/me"), 401)
    problem_of(await _login(api, admin.slug), 401)
    assert (await _login(api, admin.slug, password="a fresh long password")).status_code == 201


async def test_a_suspended_organisation_waits_and_loses_nothing(api: Api, second: Api) -> None:
    """On the next request its members hear that it is suspended, in every process; resumed, all is as before."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar")
    project = await register(registrar)
    there = elsewhere(registrar, second)
    assert (await there.get(f"/v1/property-projects/{project}")).status_code == 200

    await api.desk.platform.suspend(api.operator, admin.tenant, "欠费")
    problem_of(await there.get(f"/v1/property-projects/{project}"), 403, "tenant_suspended")
    with pytest.raises(AssertionError, match="tenant_suspended"):
        await register(there)

    await api.desk.platform.resume(api.operator, admin.tenant, "已缴")
    assert (await there.get(f"/v1/property-projects/{project}")).status_code == 200
