"""The complaint board and its reports over HTTP: filters, what is due, times, and who may ask."""

from typing import Any

import pytest

from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of
from tests.services.lived import pages

BOARD, DUE, TIMES = "/v1/complaints", "/v1/reports/complaints-due", "/v1/reports/complaint-times"


async def office(api: Api) -> Caller:
    """Somebody who may do everything to complaints, in a tenant with the rules of R11."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    return await api.member(admin, "service_desk", "handler", "sales_director", "department")


async def lodge(caller: Caller, **more: Any) -> str:
    """A complaint's id."""
    body = {"complainant": "customer", "kind": "contract", "subject": "合同未办", "description": "两个月", **more}
    answer = await caller.post(BOARD, body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def act(caller: Caller, complaint: str, **commands: dict[str, Any]) -> None:
    """Send commands to a complaint, by their names."""
    for name, body in commands.items():
        answer = await caller.post(f"{BOARD}/{complaint}/{name.replace('_', '-')}", body)
        assert answer.status_code == 200, answer.text


def responsible(caller: Caller) -> dict[str, Any]:
    """The caller as the responsible person."""
    roles = ("sales_director", "director_assistant")
    joint = [{"role": role, "person": f"00000000-0000-0000-0000-00000000000{n}"} for n, role in enumerate(roles, 1)]
    return {"responsible": str(caller.member), "joint": joint}


async def ids(caller: Caller, path: str, **params: str) -> list[str]:
    """The complaints of a list, in its order."""
    return [each["complaint_id"] for each in await pages(caller, path, **params)]


@pytest.mark.clause("R11.2.1", "R11.2.2")
async def test_the_board_shows_what_is_due_when(api: Api):
    """The day's limit, the ladder's next step, who is responsible, and the departments that have not signed."""
    caller = await office(api)
    complaint = await lodge(caller, departments=["销售部", "财务部"], place="售楼大厅")
    await act(caller, complaint, assign_complaint=responsible(caller), start_work={})
    await settle(api.desk.runtime, caller.tenant)
    [shown] = (await caller.get(BOARD)).json()["items"]
    assert (shown["complaint_id"], shown["status"], shown["responsible"]) == (complaint, "working", str(caller.member))
    assert (shown["limit"]["due_on"], shown["limit"]["passed"]) == ("2026-03-02", False)
    assert shown["limit"]["due_by"] == "2026-03-03T00:00:00+08:00"
    assert shown["next_level"]["level"] == 1
    assert (shown["departments"], shown["signed"]) == (["财务部", "销售部"], [])
    assert shown["status_label"]["zh"]
    assert shown["kind_label"]["en"]


@pytest.mark.clause("R11.2.2")
async def test_the_board_is_narrowed_by_each_filter(api: Api):
    """Status, kind, department, project, person, lateness, pause, open or closed; the latest first."""
    caller = await office(api)
    project = "00000000-0000-0000-0000-0000000000aa"
    old = await lodge(caller, departments=["销售部"], project_id=project)
    api.clock.forward(hours=1)
    new = await lodge(caller, kind="conduct", departments=["财务部"])
    gone = await lodge(caller)
    await act(caller, old, assign_complaint=responsible(caller), pause_complaint={"reason": "等客户"})
    await act(caller, gone, withdraw_complaint={"reason": "算了"})
    await settle(api.desk.runtime, caller.tenant)
    for params, expected in (
        ({}, [gone, new, old]),
        ({"status": "assigned"}, [old]),
        ({"kind": "conduct"}, [new]),
        ({"department": "财务部"}, [new]),
        ({"project_id": project}, [old]),
        ({"person": str(caller.member)}, [old]),
        ({"open": "yes"}, [new, old]),
        ({"open": "no"}, [gone]),
        ({"paused": "yes"}, [old]),
        ({"late": "yes"}, []),
        ({"late": "no", "paused": "no", "open": "yes"}, [new]),
    ):
        assert await ids(caller, BOARD, **params) == expected, params


@pytest.mark.clause("R11.2.2")
async def test_what_is_longest_due_stands_first_and_what_is_late_is_marked(api: Api):
    """A complaint of yesterday is late and leads; the promised one comes after those of today."""
    caller = await office(api)
    late = await lodge(caller)
    api.clock.forward(hours=10)
    promised = await lodge(caller, departments=["销售部", "财务部"])
    await act(caller, promised, promise_date={"promised_for": "2026-03-05", "told_how": "电话"})
    api.clock.now = api.clock.now.replace(day=3, hour=1)
    await settle(api.desk.runtime, caller.tenant)
    caller.token = await api._session(caller.tenant, caller.member)
    today = await lodge(caller)
    await settle(api.desk.runtime, caller.tenant)
    assert await ids(caller, DUE) == [late, today, promised]
    assert await ids(caller, DUE, until="2026-03-03") == [late, today]
    assert await ids(caller, DUE, late="yes") == [late]
    [shown] = (await caller.get(DUE, params={"late": "yes"})).json()["items"]
    assert (shown["late"], shown["limit"]["passed"], shown["fine_owed"]) == (True, True, True)


@pytest.mark.clause("R0.1")
async def test_times_are_reported_by_department_and_month(api: Api):
    """Taken up after a quarter of an hour, answered and settled after three quarters."""
    caller = await office(api)
    complaint = await lodge(caller, departments=["销售部"])
    api.clock.forward(minutes=15)
    await act(caller, complaint, assign_complaint=responsible(caller), start_work={})
    api.clock.forward(minutes=30)
    await act(
        caller,
        complaint,
        propose_solution={"solution": "三日内交付"},
        sign_by_department={"department": "销售部"},
        answer_customer={"answer": "已办"},
        settle_complaint={},
        rate_complaint={"score": 4},
    )
    await lodge(caller)
    await settle(api.desk.runtime, caller.tenant)
    nameless, sales = (await caller.get(TIMES)).json()["items"]
    assert (nameless["department"], nameless["open"], nameless["response_median_s"]) == (None, 1, None)
    assert (sales["month"], sales["department"], sales["settled"]) == ("2026-03", "销售部", 1)
    assert (sales["response_median_s"], sales["resolution_p90_s"]) == (900, 2_700)
    assert (sales["rated"], sales["satisfaction_percent"]) == (1, "80.00")
    assert await pages(caller, TIMES) == [nameless, sales]
    assert (await caller.get(TIMES, params={"from": "2026-04"})).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"{BOARD}?status=new", "/status"),
        (f"{BOARD}?late=maybe", "/late"),
        (f"{BOARD}?department=", "/department"),
        (f"{BOARD}?department=%00", "/department"),
        (f"{BOARD}?department={'x' * 121}", "/department"),
        (f"{BOARD}?kind=A-B", "/kind"),
        (f"{DUE}?open=yes", "/open"),
        (f"{DUE}?cursor=W10", "/cursor"),
        (f"{TIMES}?from=2026", "/from"),
    ],
)
async def test_a_filter_that_does_not_fit_is_named(api: Api, path: str, field: str):
    """A 400 that says which."""
    assert problem_of(await (await api.tenant()).get(path), 400)["field"] == field
