"""How every query is asked: positions, pages, parameters, permissions, tenants."""

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.domain.story import PROJECT
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of
from tests.services.lived import LISTS, OTHERS, SCORECARD, SCORES, STATEMENT, follow, lived, pages


@pytest.mark.parametrize(
    ("path", "params", "field"),
    [
        (SCORES, {"project_id": "7"}, "/project_id"),
        (SCORES, {"from": "2026-13"}, "/from"),
        (SCORES, {"from": "2026-03-01"}, "/from"),
        (SCORES, {"to": "二〇二六"}, "/to"),
        (SCORES, {"band": "superb"}, "/band"),
        (SCORES, {"band": ["failed", "excellent"]}, "/band"),
        (SCORES, {"status": ""}, "/status"),
        (SCORES, {"project": str(PROJECT)}, "/project"),
        (SCORES, {"limit": "0"}, "/limit"),
        (SCORES, {"limit": "201"}, "/limit"),
        (SCORES, {"limit": ["1", "2"]}, "/limit"),
        (SCORES, {"cursor": "nonsense"}, "/cursor"),
        (f"{SCORES}/summary", {"year": "26"}, "/year"),
        (f"{SCORES}/summary", {"cursor": base64.b64encode(b"1").decode()}, "/cursor"),
        ("/v1/assessments", {"month": "2026-3"}, "/month"),
        ("/v1/property-projects", {"status": "held"}, "/status"),
        ("/v1/property-projects", {"cursor": base64.b64encode(b"9223372036854775808").decode()}, "/cursor"),
        ("/v1/contract-deposits", {"status": "active"}, "/status"),
        (
            "/v1/reports/open-assessments",
            {"cursor": base64.b64encode(b'[99999999999999999999,"x"]').decode()},
            "/cursor",
        ),
        ("/v1/reports/attention", {"cursor": base64.b64encode(b'[1,"\\u0000"]').decode()}, "/cursor"),
        ("/v1/reports/attention", {"cursor": base64.b64encode(b'[1,"\\ud800"]').decode()}, "/cursor"),
        (STATEMENT, {"from": "2026-02-30"}, "/from"),
        (STATEMENT, {"to": "1999-01-01"}, "/to"),
        (SCORECARD, {"revision": "0"}, "/revision"),
        (SCORECARD, {"revision": "9999999"}, "/revision"),
        ("/v1/clauses", {"regulation": "R99"}, "/regulation"),
        ("/v1/rule-books", {"regulation": "R14"}, "/regulation"),
        ("/v1/members", {"cursor": base64.b64encode(b'"\\u0000"').decode()}, "/cursor"),
    ],
)
async def test_a_parameter_that_does_not_fit_is_named(api: Api, path: str, params: dict[str, Any], field: str):
    """Each bad, repeated or unknown parameter is a 400 that says which."""
    caller = await api.tenant()
    assert problem_of(await caller.get(path, params=params), 400)["field"] == field


async def test_another_tenant_is_answered_as_if_there_were_nothing(api: Api):
    """Lists are empty and ids unknown to whoever belongs to another organisation."""
    await lived(api)
    other = await api.tenant()
    await follow(api, other.tenant)
    for path in LISTS:
        answer = await other.get(path)
        if path == STATEMENT:
            unknown = await other.get(f"/v1/contract-deposits/{uuid4()}/statement")
            assert problem_of(answer, 404)["detail"] == problem_of(unknown, 404)["detail"]
        elif path == "/v1/members":
            assert [item["id"] for item in answer.json()["items"]] == [str(other.member)]
        else:
            assert answer.json() == {"items": [], "next": None}, path
    assert (await other.get(SCORES, params={"project_id": str(PROJECT)})).json()["items"] == []
    problem_of(await other.get(SCORECARD), 404, "no_scorecard")
    assert (await other.get("/v1/rule-books")).json() == {"items": []}


async def test_each_query_asks_for_its_permission(api: Api):
    """A key that may read one noun reads that noun's queries and no others; without a credential nothing is read."""
    caller = await lived(api)
    made = await caller.post(
        "/v1/me/api-keys",
        {
            "name": "只读考核",
            "scopes": ["assessment.read"],
            "expires_at": (api.clock() + timedelta(days=1)).isoformat(),
        },
    )
    assert made.status_code == 201, made.text
    key = Caller(api.http, caller.tenant, caller.slug, made.json()["key"], caller.member)
    readable = {
        SCORES,
        f"{SCORES}/summary",
        "/v1/reports/open-assessments",
        "/v1/assessments",
        SCORECARD,
        "/v1/clauses",
    }
    for path in (*LISTS, *OTHERS):
        problem_of(await api.http.get(path), 401, "unauthenticated")
        answer = await key.get(path)
        assert answer.status_code == (200 if path in readable else 403), path


async def test_answers_carry_the_position_they_have_come_to(api: Api):
    """Every query says how far it has come: the ledger's position once the projections have followed."""
    caller = await lived(api)
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        last = await connection.fetchval("select position from ledger where tenant_id = $1", caller.tenant)
    for path in (*LISTS, *OTHERS):
        answer = await caller.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["kaohe-position"] == str(last), path


async def test_an_answer_of_rows_that_are_behind_says_so(api: Api):
    """Before anything is followed, the position is that of the rows and not of the ledger."""
    caller = await api.tenant()
    answer = await caller.get(SCORES)
    assert (answer.headers["kaohe-position"], answer.json()) == ("0", {"items": [], "next": None})
    assert int((await caller.get("/v1/members")).headers["kaohe-position"]) > 0


async def test_pages_put_together_are_the_whole_list(api: Api):
    """A list fetched row by row is the list."""
    caller = await lived(api)
    for path in LISTS:
        whole = (await caller.get(path)).json()
        assert whole["next"] is None, path
        assert await pages(caller, path) == whole["items"], path
