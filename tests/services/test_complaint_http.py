"""A complaint over HTTP, from the desk's form to the project's month, each step by the person whose it is (R11.2)."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from domain.kernel import derived_id
from domain.rules.r14 import default_values
from services.settings import Settings
from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt, another_process, assessment_of, elsewhere, problem_of, register

FORM = {
    "complainant": "customer",
    "kind": "contract",
    "subject": "合同迟迟未办",
    "description": "签约两个月仍未拿到合同",
    "place": "售楼大厅",
    "departments": ["销售部", "财务部"],
}
ROLES = {
    "desk": ("service_desk",),
    "clerk": ("handler",),
    "department": ("department",),
    "director": ("sales_director",),
    "assistant": ("director_assistant",),
    "deputy": ("deputy_director",),
    "assessor": ("assessor", "registrar"),
    "leader": ("leader",),
    "personnel": ("personnel",),
    "auditor": ("auditor",),
}


class Office(dict[str, Caller]):
    """The people of a sales office by what they are, and the API they use."""

    api: Api

    async def do(self, who: str, complaint: str, command: str, **body: Any) -> httpx.Response:
        """Send one of them with a command to a complaint."""
        return await self[who].post(f"/v1/complaints/{complaint}/{command}", body)

    async def done(self, who: str, complaint: str, command: str, **body: Any) -> dict[str, Any]:
        """The same, which must succeed."""
        return done(await self.do(who, complaint, command, **body))

    async def refused(
        self, who: str, complaint: str, command: str, status: int, code: str, **body: Any
    ) -> dict[str, Any]:
        """The same, which must be refused so."""
        return problem_of(await self.do(who, complaint, command, **body), status, code)

    async def lodged(self, **changes: Any) -> str:
        """A complaint taken in at the desk."""
        found: str = done(await self["desk"].post("/v1/complaints", {**FORM, **changes}))["id"]
        return found

    async def assigned(self, **changes: Any) -> str:
        """One that the clerk has taken up."""
        complaint = await self.lodged(**changes)
        await self.done("director", complaint, "assign-complaint", **self.answerable())
        await self.done("clerk", complaint, "start-work")
        return complaint

    def answerable(self) -> dict[str, Any]:
        """Who answers for a complaint."""
        joint = [
            {"role": "sales_director", "person": str(self["director"].member)},
            {"role": "director_assistant", "person": str(self["assistant"].member)},
        ]
        return {"responsible": str(self["clerk"].member), "joint": joint}

    async def signed(self, complaint: str, *departments: str) -> None:
        """Have a solution proposed and signed by all concerned."""
        await self.done("clerk", complaint, "propose-solution", solution="三日内交付")
        for department in departments or FORM["departments"]:
            await self.done("department", complaint, "sign-by-department", department=department)

    async def state(self, complaint: str, **query: str) -> dict[str, Any]:
        """The complaint as the auditor reads it."""
        return done(await self["auditor"].get(f"/v1/complaints/{complaint}", params=query))["state"]

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self["desk"].tenant)


def done(answer: httpx.Response) -> dict[str, Any]:
    """The body of a success."""
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while years pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 1000)


@pytest.fixture
async def office(api: Api) -> Office:
    """A sales office that works under the shipped rules."""
    admin = await api.tenant()
    office = Office({who: await api.member(admin, *roles) for who, roles in ROLES.items()})
    office.api = api
    office["admin"] = admin
    done(await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"}))
    return office


@pytest.mark.clause("R11.2.1", "R11.2.4")
async def test_a_complaint_is_settled_the_same_day(office: Office) -> None:
    """Lodged, assigned, consulted about, signed by both departments, answered, settled, rated; each error says why."""
    complaint = await office.assigned()
    await office.done(
        "clerk", complaint, "consult-department", department="工程部", note="是否影响交付", concerned=False
    )
    await office.refused(
        "department", complaint, "reply-to-consultation", 422, "not_asked", department="后勤部", reply="否"
    )
    await office.done("department", complaint, "reply-to-consultation", department="工程部", reply="不影响")
    await office.refused("clerk", complaint, "answer-customer", 409, "wrong_status", answer="快了")
    await office.done("clerk", complaint, "propose-solution", solution="三日内交付")
    declined = await office.refused(
        "department", complaint, "sign-by-department", 422, "department_not_concerned", department="工程部"
    )
    await office.done("department", complaint, "sign-by-department", department="销售部")
    await office.refused("department", complaint, "sign-by-department", 422, "signed_already", department="销售部")
    await office.refused("clerk", complaint, "answer-customer", 409, "wrong_status", answer="快了")
    await office.done("department", complaint, "sign-by-department", department="财务部")
    await office.done("clerk", complaint, "answer-customer", answer="三日内交付")
    settled = await office.done("clerk", complaint, "settle-complaint")
    await office.refused("desk", complaint, "rate-complaint", 422, "rating_out_of_range", score=6)
    await office.done("desk", complaint, "rate-complaint", score=5)

    assert declined["clause"] == "R11.2.4"
    assert settled["events"][0]["in_time"] is True
    state = await office.state(complaint)
    assert (state["status"], state["rating"], state["late"]) == ("settled", 5, [])


async def test_nobody_does_what_is_not_his_to_do(office: Office) -> None:
    """The desk does not settle, the clerk does not assign, the auditor does nothing, a stranger sees nothing."""
    complaint = await office.assigned()
    stranger = await office.api.member(await office.api.tenant(), *(role for roles in ROLES.values() for role in roles))

    await office.refused("desk", complaint, "settle-complaint", 403, "forbidden")
    await office.refused("clerk", complaint, "assign-complaint", 403, "forbidden", **office.answerable())
    await office.refused("auditor", complaint, "withdraw-complaint", 403, "forbidden", reason="不要")
    await office.refused("assessor", complaint, "lapse-limit", 404, "not_found", round=1)
    foreign = await stranger.post(f"/v1/complaints/{complaint}/withdraw-complaint", {"reason": "不要"})
    assert problem_of(foreign, 404, "not_found")


@pytest.mark.clause("R11.2.1")
async def test_what_is_wrong_with_a_form_is_said(office: Office) -> None:
    """An unknown kind, an empty subject, a field too many, one person twice: field and code each, nothing lodged."""
    desk = office["desk"]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"kind": "weather"}, "kind_unknown"),
        ({"subject": ""}, "invalid_value"),
        ({"late": True}, "unknown_field"),
        ({"complainant": "anonymous"}, "invalid_value"),
    ]
    for changes, code in wrong:
        problem = problem_of(await desk.post("/v1/complaints", {**FORM, **changes}), 422)
        assert problem["code"] == code, problem
        assert problem["field"] in (f"/{next(iter(changes))}", ""), problem
    complaint = await office.lodged()
    twice = office.answerable()
    twice["responsible"] = twice["joint"][0]["person"]
    await office.refused("director", complaint, "assign-complaint", 422, "one_person_twice", **twice)
    short = {**office.answerable(), "joint": []}
    await office.refused("director", complaint, "assign-complaint", 422, "joint_roles_differ", **short)


@pytest.mark.clause("R11.2.3")
async def test_an_unclear_case_is_decided_above(office: Office) -> None:
    """Once put before a level, nobody proposes a solution before it has been instructed, and not by himself."""
    complaint = await office.assigned()
    escalated = await office.done("clerk", complaint, "escalate-complaint", reason="涉及赔偿")
    waiting = await office.refused("clerk", complaint, "propose-solution", 409, "instruction_awaited", solution="赔")
    await office.done("assistant", complaint, "instruct-complaint", instruction="按合同办理")
    await office.done("clerk", complaint, "propose-solution", solution="按合同")

    assert waiting["clause"] == "R11.2.3"
    assert escalated["events"][0]["role"] == "director_assistant"


@pytest.mark.clause("R11.2.2", "R11.2.3")
async def test_one_that_nobody_settles_climbs_the_ladder_and_is_fined(office: Office) -> None:
    """Every level is told at its time, then the day is over: 100 yuan, and 50 from each of the two jointly liable."""
    complaint = await office.assigned()
    for hours in (2, 2, 2, 9, 24):
        office.api.clock.forward(hours=hours)
        await office.settle()
    history = done(await office["auditor"].get(f"/v1/complaints/{complaint}/history"))["items"]
    told = [one["event"]["role"] for one in history if one["event"]["type"] == "complaint.escalated"]
    fined = [one["event"] for one in history if one["event"]["type"] == "complaint.fined"]

    assert told == ["director_assistant", "deputy_director", "sales_director"]
    assert len(fined) == 1
    assert (fined[0]["clause"], fined[0]["rule_version"]) == ("R11.2.2", 1)
    for who, amount in (("clerk", 10_000), ("director", 5_000), ("assistant", 5_000)):
        ledger = derived_id("penalty_ledger", "person", str(office[who].member))
        state = done(await office["auditor"].get(f"/v1/penalty-ledgers/{ledger}"))["state"]
        assert [entry["amount_fen"] for entry in state["entries"].values()] == [amount]


@pytest.mark.clause("R11.2.2")
async def test_a_promise_needs_several_departments_and_is_kept_or_fined(office: Office) -> None:
    """With one department no date is promised; with two it is, once; when it has passed, the fine is there."""
    alone = await office.assigned(departments=["销售部"])
    promise = {"promised_for": "2026-03-05", "told_how": "电话"}
    few = await office.refused("desk", alone, "promise-date", 409, "too_few_departments", **promise)
    await office.done("clerk", alone, "propose-solution", solution="交付")
    complaint = await office.assigned()
    await office.refused(
        "desk", complaint, "promise-date", 422, "promise_out_of_bounds", **{**promise, "promised_for": "2026-02-27"}
    )
    promised = await office.done("desk", complaint, "promise-date", **promise)
    await office.refused("desk", complaint, "promise-date", 409, "promised_already", **promise)
    office.api.clock.now = datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
    await office.settle()
    in_time = await office.state(complaint)
    office.api.clock.forward(seconds=1)
    await office.settle()
    late = await office.state(complaint)

    assert few["clause"] == "R11.2.2"
    assert promised["events"][0]["limit"]["due_by"] == "2026-03-06T00:00:00+08:00"
    assert in_time["late"] == []
    assert late["late"] == ["promise_passed"]


@pytest.mark.clause("R14.2.3")
async def test_one_that_is_upheld_counts_in_the_projects_month_once(office: Office) -> None:
    """Upheld against an item it deducts, a second time is refused, overturned it is taken back, and only then again."""
    await adopt(office["admin"])
    project = await register(office["assessor"])
    done(await office["assessor"].post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"}))
    await office.settle()
    item = default_values().contents[0].items[0].code
    uphold = {"project_id": project, "month": "2026-03", "item_code": item, "note": "查实"}
    complaint = await office.assigned(project_id=project)

    await office.done("assessor", complaint, "uphold-complaint", **uphold)
    await office.refused("assessor", complaint, "uphold-complaint", 409, "upheld_already", **uphold)
    await office.settle()
    counted = await _counted(office, project)
    await office.done("leader", complaint, "overturn-upheld", reason="另有原因")
    await office.settle()
    taken_back = await _counted(office, project)
    await office.done("assessor", complaint, "uphold-complaint", **uphold)
    await office.settle()

    assert counted == [(complaint, False)]
    assert taken_back == [(complaint, True)]
    assert await _counted(office, project) == [(complaint, True), (f"{complaint}#2", False)]


async def _counted(office: Office, project: str) -> list[tuple[str, bool]]:
    """The complaints of the project's month, and whether each was overturned."""
    path = f"/v1/assessments/{assessment_of(project)}"
    state = done(await office["auditor"].get(path))["state"]
    return [(ref, one["overturned"]) for ref, one in state["complaints"].items()]


async def test_of_fifty_that_exclude_each_other_one_is_done(office: Office) -> None:
    """Withdrawn or unfounded, from two processes at once: one outcome, forty-nine refusals that say where it stands."""
    complaint = await office.assigned()
    async with another_process(office.api) as second:
        answers = await asyncio.gather(
            *(
                one.post(f"/v1/complaints/{complaint}/{command}", {"reason": "到此为止"})
                for _ in range(12)
                for command, who in (("withdraw-complaint", "desk"), ("close-unfounded", "director"))
                for one in (office[who], elsewhere(office[who], second))
            ),
            office.do("desk", complaint, "withdraw-complaint", reason="到此为止"),
            office.do("director", complaint, "close-unfounded", reason="到此为止"),
        )

    assert len(answers) == 50
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    for answer in answers:
        if answer.status_code == 409:
            problem_of(answer, 409, "wrong_status")
    history = done(await office["auditor"].get(f"/v1/complaints/{complaint}/history"))["items"]
    assert [one["event"]["type"] for one in history][3:] in (["complaint.withdrawn"], ["complaint.unfounded"])


@pytest.mark.clause("R11.2.4")
async def test_an_auditor_reads_it_as_it_stood(office: Office) -> None:
    """As of a moment and as of a position, years later: who had signed by then."""
    complaint = await office.assigned()
    await office.done("clerk", complaint, "propose-solution", solution="三日内交付")
    office.api.clock.forward(minutes=10)
    await office.done("department", complaint, "sign-by-department", department="销售部")
    before = datetime(2026, 3, 2, 1, 5, tzinfo=UTC).isoformat()
    office.api.clock.forward(days=800)

    assert (await office.state(complaint, as_of=before))["signatures"] == {}
    [signature] = (await office.state(complaint))["signatures"].values()
    assert signature["signed_by"] == str(office["department"].member)
    history = done(await office["auditor"].get(f"/v1/complaints/{complaint}/history"))["items"]
    by_version = {one["version"]: one for one in history}
    assert UUID(by_version[5]["actor_id"]) == office["department"].member
