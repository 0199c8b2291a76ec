"""The same request under the same key is done once and answered alike."""

import asyncio
from uuid import UUID

import pytest

from tests.services.conftest import Api, Caller
from tests.services.crowd import PROJECT, another_process, elsewhere, problem_of

ANSWER_HEADERS = ("etag", "kaohe-position", "location", "content-type")


def _key(text: str) -> dict[str, str]:
    return {"Idempotency-Key": text}


async def _registrar(api: Api) -> Caller:
    return await api.member(await api.tenant(), "registrar")


async def _count(api: Api, tenant: UUID, topic: str) -> int:
    async with api.desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        found: int = await connection.fetchval(
            "select count(*) from events where tenant_id = $1 and topic = $2", tenant, topic
        )
    return found


async def test_a_repeated_request_gets_the_first_answer(api: Api) -> None:
    """Status, body and headers are the first ones, the answer says that it is a repetition, and nothing is done."""
    registrar = await _registrar(api)

    first = await registrar.post("/v1/property-projects", PROJECT, headers=_key("one"))
    again = await registrar.post("/v1/property-projects", PROJECT, headers=_key("one"))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again.headers[name] for name in ANSWER_HEADERS] == [first.headers[name] for name in ANSWER_HEADERS]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert first.headers["location"] == f"/v1/property-projects/{first.json()['id']}"
    assert await _count(api, registrar.tenant, "property_project.registered") == 1


async def test_a_repeated_request_gets_the_first_answer_though_the_world_has_moved_on(api: Api) -> None:
    """The answer to a command that would be refused by now is the one it had."""
    registrar = await _registrar(api)
    project = (await registrar.post("/v1/property-projects", PROJECT)).json()["id"]
    at = f"/v1/property-projects/{project}/revise-project"
    first_name = {"name": "一", "contractor": "Acme", "contract_to": "2027-02-28"}
    version = {"If-Match": '"1"', **_key("revise")}

    first = await registrar.post(at, first_name, headers=version)
    await registrar.post(at, {**first_name, "name": "二"})
    again = await registrar.post(at, first_name, headers=version)

    assert first.status_code == 200
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert again.headers["idempotency-replayed"] == "true"
    current = (await registrar.get(f"/v1/property-projects/{project}")).json()
    assert (current["version"], current["state"]["name"]) == (3, "二")


async def test_another_process_answers_a_repetition_alike(api: Api) -> None:
    """The record is in the database, not in the process that made it."""
    registrar = await _registrar(api)
    first = await registrar.post("/v1/property-projects", PROJECT, headers=_key("one"))

    async with another_process(api) as second:
        again = await elsewhere(registrar, second).post("/v1/property-projects", PROJECT, headers=_key("one"))

    assert (again.status_code, again.content) == (201, first.content)
    assert await _count(api, registrar.tenant, "property_project.registered") == 1


async def test_another_body_under_a_used_key_is_refused(api: Api) -> None:
    """A key stands for one request; whoever sends another under it made a mistake and is told."""
    registrar = await _registrar(api)
    await registrar.post("/v1/property-projects", PROJECT, headers=_key("one"))

    other = await registrar.post("/v1/property-projects", {**PROJECT, "name": "西校区"}, headers=_key("one"))

    problem_of(other, 422, "idempotency_key_reused")
    assert await _count(api, registrar.tenant, "property_project.registered") == 1


async def test_another_address_under_a_used_key_is_refused(api: Api) -> None:
    """The same body to another object is another request."""
    registrar = await _registrar(api)
    one, two = [(await registrar.post("/v1/property-projects", PROJECT)).json()["id"] for _ in range(2)]
    body = {"name": "新名", "contractor": "Acme", "contract_to": "2027-02-28"}
    await registrar.post(f"/v1/property-projects/{one}/revise-project", body, headers=_key("k"))

    other = await registrar.post(f"/v1/property-projects/{two}/revise-project", body, headers=_key("k"))

    problem_of(other, 422, "idempotency_key_reused")
    assert (await registrar.get(f"/v1/property-projects/{two}")).json()["version"] == 1


async def test_a_used_key_of_another_member_or_tenant_is_free(api: Api) -> None:
    """Keys belong to the member who sends them."""
    admin = await api.tenant()
    one, two = await api.member(admin, "registrar"), await api.member(admin, "registrar")
    foreign = await _registrar(api)

    made = [await caller.post("/v1/property-projects", PROJECT, headers=_key("same")) for caller in (one, two, foreign)]

    assert [answer.status_code for answer in made] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in made}) == 3
    assert not any("idempotency-replayed" in answer.headers for answer in made)


async def test_concurrent_requests_under_one_key_are_done_once(api: Api) -> None:
    """In one process and across two: one event, and everybody gets the same answer."""
    registrar = await _registrar(api)
    async with another_process(api) as second:
        there = elsewhere(registrar, second)
        answers = await asyncio.gather(
            *(
                caller.post("/v1/property-projects", PROJECT, headers=_key("race"))
                for caller in (registrar, there)
                for _ in range(5)
            )
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await _count(api, registrar.tenant, "property_project.registered") == 1


async def test_concurrent_different_requests_under_one_key_give_one_success(api: Api) -> None:
    """Whichever comes first has the key; the others are told that it is taken."""
    registrar = await _registrar(api)

    answers = await asyncio.gather(
        *(
            registrar.post("/v1/property-projects", {**PROJECT, "name": f"校区{n}"}, headers=_key("race"))
            for n in range(6)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422, 422, 422]
    assert await _count(api, registrar.tenant, "property_project.registered") == 1


async def test_a_refused_command_leaves_its_key_unused(api: Api) -> None:
    """A refusal is decided anew: once its reason is gone, the same request under the same key succeeds."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar", "assessor")
    project = (await registrar.post("/v1/property-projects", PROJECT)).json()["id"]
    open_month = f"/v1/property-projects/{project}/open-month"

    refused = await registrar.post(open_month, {"month": "2026-03"}, headers=_key("open"))
    await admin.post("/v1/rule-books", {"regulation": "R14", "effective_from": "2026-03-01"})
    accepted = await registrar.post(open_month, {"month": "2026-03"}, headers=_key("open"))

    problem_of(refused, 409, "rules_not_adopted")
    assert accepted.status_code == 200
    assert "idempotency-replayed" not in accepted.headers


async def test_an_unreadable_body_leaves_its_key_unused(api: Api) -> None:
    """What was never a command is not remembered under the key."""
    registrar = await _registrar(api)

    broken = await registrar.post("/v1/property-projects", content=b"{", headers={**_JSON, **_key("one")})
    good = await registrar.post("/v1/property-projects", PROJECT, headers=_key("one"))

    problem_of(broken, 400, "malformed_json")
    assert good.status_code == 201


_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("key", ["a", "x" * 128, "!~", '"quoted"', "a/b:c;d,e"])
async def test_visible_characters_make_a_key(api: Api, key: str) -> None:
    """1 to 128 visible ASCII characters."""
    registrar = await _registrar(api)

    assert (await registrar.post("/v1/property-projects", PROJECT, headers=_key(key))).status_code == 201


@pytest.mark.parametrize("key", [b"", b"x" * 129, b"a b", "键".encode(), b"\xff", b"a\tb", b"\x7f"])
async def test_anything_else_is_no_key(api: Api, key: bytes) -> None:
    """An empty, long, spaced or non-ASCII key is the client's mistake, not silently no key."""
    registrar = await _registrar(api)

    answer = await registrar.post("/v1/property-projects", PROJECT, headers={"Idempotency-Key": key})  # type: ignore[dict-item]

    problem_of(answer, 400, "bad_idempotency_key")
    assert await _count(api, registrar.tenant, "property_project.registered") == 0


async def test_a_credential_ended_elsewhere_gets_no_replay(api: Api) -> None:
    """What a session was once answered is not handed out after the session's end."""
    registrar = await _registrar(api)
    async with another_process(api) as second:
        there = elsewhere(registrar, second)
        first = await there.post("/v1/property-projects", PROJECT, headers=_key("one"))
        assert (await registrar.delete("/v1/sessions/current")).status_code == 204

        again = await there.post("/v1/property-projects", PROJECT, headers=_key("one"))

    assert first.status_code == 201
    problem_of(again, 401, "unauthenticated")


async def test_a_request_without_effect_is_answered_as_before(api: Api) -> None:
    """A repetition that would have nothing left to do still gets the first answer, events included."""
    admin = await api.tenant()
    member = await api.member(admin, "auditor")
    at = f"/v1/organisations/{admin.tenant}/grant-role"
    body = {"member_id": str(member.member), "role": "finance"}

    first = await admin.post(at, body, headers=_key("grant"))
    again = await admin.post(at, body, headers=_key("grant"))

    assert first.status_code == 200
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
