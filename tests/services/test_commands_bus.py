"""Commands from two processes on the same streams: every outcome fits the events, and none is decided on old news."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import (
    FINDING,
    PROJECT,
    adopt,
    another_process,
    assessment_of,
    book_of,
    elsewhere,
    problem_of,
    register,
)

REVISION = {"name": "新名", "contractor": "Acme", "contract_to": "2027-02-28"}


async def _versions(api: Api, tenant: UUID, stream: str) -> list[int]:
    async with api.desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select originator_version as version from events where tenant_id = $1 and originator_id = $2"
            " order by position",
            tenant,
            UUID(stream),
        )
    return [row["version"] for row in rows]


async def _positions(api: Api, tenant: UUID) -> tuple[list[int], int]:
    async with api.desk.runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        rows = await connection.fetch("select position from events where tenant_id = $1 order by position", tenant)
        ledger: int = await connection.fetchval("select position from ledger where tenant_id = $1", tenant)
    return [row["position"] for row in rows], ledger


@pytest.mark.clause("R14.3")
async def test_of_fifty_that_exclude_each_other_one_succeeds(api: Api) -> None:
    """Fifty openings of the same month from two processes: one event, forty-nine refusals with the reason."""
    admin = await api.tenant()
    caller = await api.member(admin, "registrar", "assessor")
    await adopt(admin)
    project = await register(caller)
    async with another_process(api) as second:
        there = elsewhere(caller, second)
        answers = await asyncio.gather(
            *(
                one.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})
                for _ in range(25)
                for one in (caller, there)
            )
        )

    accepted = [answer for answer in answers if answer.status_code == 200]
    assert len(accepted) == 1
    for answer in answers:
        if answer not in accepted:
            problem_of(answer, 409, "month_opened")
    assert await _versions(api, caller.tenant, project) == [1, 2]


async def test_of_fifty_on_one_stream_each_is_done_once(api: Api) -> None:
    """Fifty revisions from two processes: versions without gap or double, each answer naming its own."""
    caller = await api.member(await api.tenant(), "registrar")
    project = await register(caller)
    async with another_process(api) as second:
        there = elsewhere(caller, second)
        answers = await asyncio.gather(
            *(
                one.post(f"/v1/property-projects/{project}/revise-project", {**REVISION, "name": f"名{n}"})
                for n in range(25)
                for one in (caller, there)
            )
        )

    assert {answer.status_code for answer in answers} <= {200, 503}
    done = [answer for answer in answers if answer.status_code == 200]
    assert len(done) > 25
    assert sorted(answer.json()["version"] for answer in done) == list(range(2, len(done) + 2))
    assert await _versions(api, caller.tenant, project) == list(range(1, len(done) + 2))
    positions, ledger = await _positions(api, caller.tenant)
    assert positions == list(range(1, ledger + 1))
    assert len({answer.headers["kaohe-position"] for answer in done}) == len(done)


async def test_of_fifty_who_have_seen_the_same_version_one_succeeds(api: Api) -> None:
    """If-Match from two processes: nobody overwrites what he has not seen."""
    caller = await api.member(await api.tenant(), "registrar")
    project = await register(caller)
    async with another_process(api) as second:
        there = elsewhere(caller, second)
        answers = await asyncio.gather(
            *(
                one.post(
                    f"/v1/property-projects/{project}/revise-project",
                    {**REVISION, "name": f"名{n}"},
                    headers={"If-Match": '"1"'},
                )
                for n in range(25)
                for one in (caller, there)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 49
    assert await _versions(api, caller.tenant, project) == [1, 2]


async def test_many_streams_of_one_tenant_share_one_gapless_order(api: Api) -> None:
    """Registrations from two processes: each has its place, none is missing."""
    caller = await api.member(await api.tenant(), "registrar")
    before, _ = await _positions(api, caller.tenant)
    async with another_process(api) as second:
        there = elsewhere(caller, second)
        answers = await asyncio.gather(
            *(one.post("/v1/property-projects", PROJECT) for _ in range(20) for one in (caller, there))
        )

    assert {answer.status_code for answer in answers} == {201}
    positions, ledger = await _positions(api, caller.tenant)
    assert positions == list(range(1, ledger + 1))
    assert {int(answer.headers["kaohe-position"]) for answer in answers} == set(positions) - set(before)


@pytest.fixture
async def warm(api: Api) -> Any:
    """A tenant whose configuration two processes have in mind: its administrator, a member, the second process."""
    admin = await api.tenant()
    caller = await api.member(admin, "registrar", "assessor", "rules_drafter")
    await adopt(admin)
    async with another_process(api) as second:
        for one in (caller, elsewhere(caller, second)):
            await register(one)
        yield admin, caller, second


@pytest.mark.clause("R14.6")
async def test_rules_published_by_another_process_count_for_the_next_decision(api: Api, warm: Any) -> None:
    """A process that knows version 1 opens a month under version 2 as soon as another has published it."""
    admin, caller, second = warm
    publisher = elsewhere(await api.member(admin, "rules_publisher"), second)
    project = await register(caller)
    at, book = f"/v1/property-projects/{project}/open-month", f"/v1/rule-books/{book_of(admin)}"
    assert (await caller.post(at, {"month": "2026-03"})).json()["events"][0]["rule_version"] == 1
    draft = {"changes": {"penalty_percent": "2"}, "note": "从严"}
    assert (await elsewhere(caller, second).post(f"{book}/draft-version", draft)).status_code == 200
    publish = {"version": 2, "effective_from": "2026-03-03"}
    assert (await publisher.post(f"{book}/publish-version", publish)).status_code == 200

    api.clock.now = api.clock.now.replace(month=4)
    later = Caller(
        caller.http, caller.tenant, caller.slug, await api._session(caller.tenant, caller.member), caller.member
    )
    opened = await later.post(at, {"month": "2026-04"})

    assert opened.status_code == 200, opened.text
    assert opened.json()["events"][0]["rule_version"] == 2


async def test_a_role_revoked_by_another_process_ends_at_once(warm: Any) -> None:
    """The decision that was possible a moment ago is refused, and no event of it is stored."""
    admin, caller, second = warm
    body = {"member_id": str(caller.member), "role": "registrar"}
    revoked = await elsewhere(admin, second).post(f"/v1/organisations/{admin.tenant}/revoke-role", body)
    assert revoked.status_code == 200

    problem_of(await caller.post("/v1/property-projects", PROJECT), 403, "forbidden")


async def test_a_role_granted_by_another_process_holds_at_once(api: Api, warm: Any) -> None:
    """Nobody is refused on an older configuration: the process looks again before it says no."""
    admin, _, second = warm
    auditor = await api.member(admin, "auditor")
    problem_of(await auditor.post("/v1/property-projects", PROJECT), 403, "forbidden")
    body = {"member_id": str(auditor.member), "role": "registrar"}
    await elsewhere(admin, second).post(f"/v1/organisations/{admin.tenant}/grant-role", body)

    assert (await auditor.post("/v1/property-projects", PROJECT)).status_code == 201


async def test_a_member_added_by_another_process_is_known_at_once(api: Api, warm: Any) -> None:
    """The first request of a new member may be a command, at a process that has not heard of them."""
    admin, caller, second = warm
    there = Api(second.desk, second.http, api.operator, api.clock)

    added = await there.member(elsewhere(admin, second), "registrar")

    assert (await elsewhere(added, api).post("/v1/property-projects", PROJECT)).status_code == 201
    assert (await caller.post("/v1/property-projects", PROJECT)).status_code == 201


async def test_a_suspension_lifted_by_another_process_is_over_at_once(api: Api, warm: Any) -> None:
    """The process that refused a suspended member's command looks again at the next."""
    admin, caller, second = warm
    await second.desk.platform.suspend(api.operator, admin.tenant, "欠费")
    problem_of(await caller.post("/v1/property-projects", PROJECT), 403, "tenant_suspended")
    await second.desk.platform.resume(api.operator, admin.tenant, "已缴")

    assert (await caller.post("/v1/property-projects", PROJECT)).status_code == 201


@pytest.mark.clause("R14.3")
async def test_nothing_is_refused_on_a_state_that_is_behind(warm: Any) -> None:
    """What one process remembers of a stream is out of date: a command that fits the stream as it is succeeds there."""
    _, caller, second = warm
    project = await register(caller)
    there = elsewhere(caller, second)
    at = f"/v1/property-projects/{project}"
    roster = [{"code": f"p{n}", "name": f"某{n}"} for n in range(30)]
    for group in ("staff", "students"):
        assert (await caller.post(f"{at}/replace-roster", {"group": group, "people": roster})).status_code == 200
    problem_of(await caller.post(f"{at}/draw-representatives", {"month": "2026-03"}), 409)
    assert (await there.post(f"{at}/open-month", {"month": "2026-03"})).status_code == 200

    drawn = await caller.post(f"{at}/draw-representatives", {"month": "2026-03"})

    assert drawn.status_code == 200, drawn.text


async def test_a_version_made_by_another_process_may_be_named(warm: Any) -> None:
    """If-Match with a version that this process has not seen yet is not a mismatch."""
    _, caller, second = warm
    project = await register(caller)
    at = f"/v1/property-projects/{project}/revise-project"
    made = await elsewhere(caller, second).post(at, REVISION)

    answer = await caller.post(at, {**REVISION, "name": "三"}, headers={"If-Match": made.headers["etag"]})

    assert answer.status_code == 200, answer.text


async def test_a_long_stream_with_identifiers_for_keys_is_snapshotted_and_read_again(api: Api) -> None:
    """Two hundred findings later, a new process reads from the snapshot what the first one knows."""
    admin = await api.tenant()
    caller = await api.member(admin, "registrar", "assessor")
    await adopt(admin)
    project = await register(caller)
    await caller.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})
    await settle(api.desk.runtime, admin.tenant)
    month = f"/v1/assessments/{assessment_of(project)}"
    for _ in range(205):
        assert (await caller.post(f"{month}/record-finding", FINDING)).status_code == 200
    async with api.desk.runtime.database.tenant_transaction(admin.tenant, read_only=True) as connection:
        until = asyncio.get_running_loop().time() + 10
        while not await connection.fetchval("select count(*) from snapshots where tenant_id = $1", admin.tenant):
            assert asyncio.get_running_loop().time() < until, "no snapshot was written"
            await asyncio.sleep(0.02)

    async with another_process(api) as second:
        there = await elsewhere(caller, second).get(month)

    assert there.json() == (await caller.get(month)).json()
    assert len(there.json()["state"]["findings"]) == 205
