"""Another tenant's things behave exactly like things that do not exist, at every address and for every method."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalogue import DECIDERS
from services.api.commands import command_path
from services.worker.settling import settle
from tests.domain.generate import commands
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt, assessment_of, book_of, register

OPERATORS = "/v1/platform/"
TOKENS = "/v1/ballots/"
FURNISHED = {"organisations", "rule-books", "property-projects", "assessments", "contract-deposits"}
EVERY_ROLE = ("registrar", "assessor", "department", "leader", "finance", "auditor", "rules_drafter", "rules_publisher")


def _operations(described: dict[str, Any]) -> list[tuple[str, str]]:
    """Every documented operation whose address holds an id."""
    return [
        (path, method)
        for path, item in described["paths"].items()
        for method in item
        if "{" in path and not path.startswith((OPERATORS, TOKENS))
    ]


def _comparable(answer: httpx.Response, shown: str) -> tuple[int, dict[str, Any] | str]:
    """An answer without what differs between any two requests: the id asked for and the correlation id."""
    if answer.headers.get("content-type") != "application/problem+json":
        return answer.status_code, answer.text.replace(shown, "")
    problem = answer.json()
    problem.pop("correlation_id")
    problem["instance"] = problem["instance"].replace(shown, "")
    return answer.status_code, problem


async def _send(caller: Caller, method: str, path: str) -> httpx.Response:
    if method == "get":
        return await caller.get(path)
    if method == "delete":
        return await caller.delete(path)
    return await caller.post(path, {})


async def _furnished(api: Api) -> tuple[Caller, dict[str, list[UUID]]]:
    """A tenant with something of every noun; its administrator and the ids by the plural of their address."""
    admin = await api.tenant()
    await adopt(admin)
    registrar = await api.member(admin, *EVERY_ROLE)
    project = await register(registrar)
    opened = await registrar.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})
    assert opened.status_code == 200, opened.text
    await settle(api.desk.runtime, admin.tenant)
    deposits = (await registrar.get("/v1/contract-deposits")).json()["items"]
    return admin, {
        "organisations": [admin.tenant],
        "rule-books": [UUID((await registrar.get("/v1/rule-books")).json()["items"][0]["id"])],
        "property-projects": [UUID(project)],
        "assessments": [assessment_of(project)],
        "contract-deposits": [UUID(deposits[0]["deposit_id"])],
        "members": [admin.member, registrar.member],
    }


async def test_a_foreign_id_is_answered_like_one_that_does_not_exist(api: Api) -> None:
    """For every documented operation with an id: same status, same body, whoever's the id is."""
    _, theirs = await _furnished(api)
    admin = await api.tenant()
    stranger = await api.member(admin, "tenant_admin", *EVERY_ROLE)
    described = (await api.http.get("/openapi.json")).json()
    tried = 0
    for path, method in _operations(described):
        for foreign in theirs.get(path.split("/")[2], [uuid4()]):
            unknown = uuid4()
            answers = []
            for shown in (foreign, unknown):
                address = path
                for name in ("stream_id", "member_id", "key_id"):
                    address = address.replace(f"{{{name}}}", str(shown))
                if "{" in address:
                    continue
                answers.append(_comparable(await _send(stranger, method, address), str(shown)))
            if answers:
                tried += 1
                assert answers[0] == answers[1], (method, path)
                assert answers[0][0] >= 400, (method, path)
    assert tried >= 50


async def test_lists_show_nothing_of_another_tenant(api: Api) -> None:
    """A tenant without anything sees empty lists beside one that has everything."""
    owner, theirs = await _furnished(api)
    admin = await api.tenant()
    stranger = await api.member(admin, "tenant_admin", *EVERY_ROLE)
    known = {str(one) for ids in theirs.values() for one in ids} | {str(owner.tenant)}
    for path in (
        "/v1/property-projects",
        "/v1/assessments",
        "/v1/contract-deposits",
        "/v1/rule-books",
        "/v1/members",
        "/v1/access-log",
        "/v1/complaints",
        "/v1/reports/complaints-due",
        "/v1/reports/complaint-times",
        "/v1/penalty-ledgers",
        "/v1/reports/penalty-statement",
        "/v1/reports/double-draws",
        "/v1/reports/monthly-scores",
        "/v1/reports/open-assessments",
        "/v1/reports/attention",
        "/v1/accountability-cases",
        "/v1/reports/accountability-limits",
        "/v1/reports/appraisal-effects",
        "/v1/reports/monthly-scores/summary?year=2026",
    ):
        answer = await stranger.get(path)
        assert answer.status_code == 200, (path, answer.text)
        assert not [one for one in known if one in answer.text], path


@pytest.mark.clause("R14.3")
async def test_a_ballot_link_opens_its_own_month_alone(api: Api) -> None:
    """A link's token under another tenant's or month's ids is no link, and looks like any other wrong one."""
    admin, theirs = await _furnished(api)
    assessor = await api.member(admin, "assessor")
    made = await assessor.post(
        f"/v1/assessments/{theirs['assessments'][0]}/ballot-links", {"group": "staff", "count": 1}
    )
    assert made.status_code == 201, made.text
    prefix, tenant, assessment, secret = made.json()["urls"][0].rsplit("/", 1)[1].split(".")
    other = await api.tenant()
    right = await api.http.get(f"/v1/ballots/{prefix}.{tenant}.{assessment}.{secret}")
    wrong = [
        await api.http.get(f"/v1/ballots/{text}")
        for text in (
            f"{prefix}.{other.tenant.hex}.{assessment}.{secret}",
            f"{prefix}.{tenant}.{uuid4().hex}.{secret}",
            f"{prefix}.{tenant}.{assessment}.{secret[::-1]}",
            f"{prefix}.{uuid4().hex}.{assessment}.{secret}",
            "nonsense",
        )
    ]

    assert right.status_code == 200
    assert {answer.status_code for answer in wrong} == {404}
    assert {(answer.json()["code"], answer.json()["detail"]) for answer in wrong} == {("not_found", "投票链接无效")}


ACTING = [
    (decider, spec)
    for decider in DECIDERS
    for spec in decider.commands
    if spec.audience == "member" and not spec.creates and decider.plural in FURNISHED
]
SOUND = st.sampled_from(ACTING).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), commands(pair[1].command, finite=True))
)


@pytest.fixture
async def neighbours(api: Api) -> tuple[Caller, dict[str, list[UUID]], Caller]:
    """A furnished tenant's administrator and ids, and a member of another tenant who may everything there."""
    owner, theirs = await _furnished(api)
    assert theirs.keys() >= FURNISHED
    return owner, theirs, await api.member(await api.tenant(), "tenant_admin", *EVERY_ROLE)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=SOUND)
async def test_a_sound_command_to_a_foreign_id_is_answered_like_one_to_none(
    api: Api, neighbours: tuple[Caller, dict[str, list[UUID]], Caller], made: tuple[Any, Any, Any]
) -> None:
    """Commands whose bodies are in order get as far as the stream, and find none."""
    owner, theirs, stranger = neighbours
    decider, spec, command = made
    before = await _position(api, owner.tenant)
    answers = []
    for stream in (theirs[decider.plural][0], uuid4()):
        path = command_path(decider, spec).replace("{stream_id:str}", str(stream))
        body = msgspec.json.encode(command)
        answer = await stranger.post(path, content=body, headers={"Content-Type": "application/json"})
        answers.append(_comparable(answer, str(stream)))

    assert answers[0] == answers[1]
    status, problem = answers[0]
    assert isinstance(problem, dict)
    assert status == 404 or problem["code"] in ("nul_character", "invalid_value"), problem
    assert await _position(api, owner.tenant) == before


async def _position(api: Api, tenant: UUID) -> int:
    async with api.desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        position: int = await connection.fetchval("select position from ledger where tenant_id = $1", tenant)
    return position


async def test_a_foreign_rule_book_answers_nothing(api: Api) -> None:
    """The identifier of a tenant's rule book can be worked out by anybody who knows the tenant's; it opens nothing."""
    owner, _ = await _furnished(api)
    stranger = await api.member(await api.tenant(), *EVERY_ROLE)

    for path in ("", "/history", "?as_of=1"):
        answer = await stranger.get(f"/v1/rule-books/{book_of(owner)}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
