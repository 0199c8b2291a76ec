"""Penalty ledgers and statements over HTTP: a fine of the sales office, whose it is, and what stands of it."""

from typing import Any

import pytest

from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of
from tests.services.lived import pages

LEDGERS, STATEMENT, DRAWS = "/v1/penalty-ledgers", "/v1/reports/penalty-statement", "/v1/reports/double-draws"


async def office(api: Api) -> tuple[Caller, Caller, Caller]:
    """A director who fines, an assistant jointly liable, and a clerk; in their departments."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    director = await api.member(admin, "sales_director", "personnel", "finance")
    clerk, other = await api.member(admin, "handler"), await api.member(admin, "director_assistant")
    for member, department in ((clerk, "销售部"), (other, "综合部")):
        body = {"member_id": str(member.member), "department": department}
        moved = await admin.post(f"/v1/organisations/{admin.tenant}/assign-department", body)
        assert moved.status_code == 200, moved.text
    return director, clerk, other


async def fine(director: Caller, person: Caller, joint: Caller, **more: Any) -> str:
    """A fine for failing to help, of which two others bear a share."""
    body = {
        "clause": "R11.3",
        "person": str(person.member),
        "joint": [
            {"role": "sales_director", "person": str(director.member)},
            {"role": "director_assistant", "person": str(joint.member)},
        ],
        "happened_on": "2026-03-02",
        "matter": "展会缺岗",
        **more,
    }
    imposed = await director.post("/v1/fines", body)
    assert imposed.status_code == 201, imposed.text
    found: str = imposed.json()["id"]
    return found


async def test_the_departments_of_members_are_listed(api: Api):
    """Who works where is seen in the list of members."""
    director, clerk, _ = await office(api)
    members = (await director.get("/v1/members")).json()["items"]
    assert {each["id"]: each["department"] for each in members}[str(clerk.member)] == "销售部"


@pytest.mark.clause("R11.3")
async def test_a_statement_says_what_each_bears_and_on_what_ground(api: Api):
    """A hundred for the one, fifty each for the jointly liable; clause, rules, causes; by person, department, month."""
    director, clerk, other = await office(api)
    imposed = await fine(director, clerk, other)
    await settle(api.desk.runtime, director.tenant)
    own = (await director.get(STATEMENT, params={"person": str(clerk.member)})).json()
    [entry] = own["items"]
    assert (entry["amount_fen"], entry["owed_fen"], entry["department"]) == (10_000, 10_000, "销售部")
    assert (entry["clause"]["id"], entry["rule_version"]) == ("R11.3", 1)
    assert [cause["stream_id"] for cause in entry["causes"]] == [imposed]
    assert own["totals"]["owed_fen"] == 10_000
    joint = (await director.get(STATEMENT, params={"department": "综合部"})).json()
    assert [(each["joint_role"], each["amount_fen"]) for each in joint["items"]] == [("director_assistant", 5_000)]
    month = (await director.get(STATEMENT, params={"from": "2026-03", "to": "2026-03"})).json()
    assert month["totals"]["issued_fen"] == 20_000
    assert (await director.get(STATEMENT, params={"from": "2026-04"})).json()["totals"]["issued_fen"] == 0
    assert [each["entry_key"] for each in await pages(director, STATEMENT)] == [
        each["entry_key"] for each in month["items"]
    ]
    ledgers = (await director.get(LEDGERS, params={"owing": "yes", "department": "销售部"})).json()["items"]
    assert [(each["subject"], each["totals"]["owed_fen"]) for each in ledgers] == [(str(clerk.member), 10_000)]


@pytest.mark.clause("R11.3")
async def test_a_fine_revoked_stands_no_more(api: Api):
    """The entries stay, and what they add up to is nothing."""
    director, clerk, other = await office(api)
    imposed = await fine(director, clerk, other)
    deputy = await api.member(await _admin(api, director), "deputy_director")
    revoked = await deputy.post(f"/v1/fines/{imposed}/revoke-fine", {"reason": "查明另有原因"})
    assert revoked.status_code == 200, revoked.text
    await settle(api.desk.runtime, director.tenant)
    told = (await director.get(STATEMENT)).json()
    assert {(each["status"], each["stands"], each["standing_fen"]) for each in told["items"]} == {
        ("reversed", False, 0)
    }
    assert (told["totals"]["issued_fen"], told["totals"]["owed_fen"]) == (20_000, 0)
    assert (await director.get(LEDGERS, params={"owing": "yes"})).json()["items"] == []


async def _admin(api: Api, caller: Caller) -> Caller:
    """The tenant's first administrator."""
    config = await api.desk.runtime.configs.refresh(caller.tenant)
    assert config.organisation is not None
    member = config.organisation.usernames["admin"]
    token = await api._session(caller.tenant, member)
    return Caller(caller.http, caller.tenant, caller.slug, token, member)


@pytest.mark.clause("R11.1.13", "R11.2.2")
async def test_an_act_under_two_clauses_is_detected(api: Api):
    """Late work on a complaint that was fined for being late already: both entries, whichever stands."""
    api.clock.forward(hours=10)
    director, clerk, other = await office(api)
    desk = await api.member(await _admin(api, director), "service_desk")
    body = {"complainant": "customer", "kind": "contract", "subject": "合同未办", "description": "两个月"}
    lodged = await desk.post("/v1/complaints", body)
    assert lodged.status_code == 201, lodged.text
    complaint = lodged.json()["id"]
    joint = [{"role": "sales_director", "person": str(director.member)},
             {"role": "director_assistant", "person": str(other.member)}]  # fmt: skip
    answering = {"responsible": str(clerk.member), "joint": joint}
    assigned = await desk.post(f"/v1/complaints/{complaint}/assign-complaint", answering)
    assert assigned.status_code == 200, assigned.text
    api.clock.forward(hours=6)
    await settle(api.desk.runtime, director.tenant)
    assert (await director.get(DRAWS)).json()["items"] == []
    late = {"clause": "R11.1.13", "person": str(clerk.member), "amount_fen": 3_000, "complaint_id": complaint,
            "matter": "拖延", "happened_on": "2026-03-02"}  # fmt: skip
    imposed = await director.post("/v1/fines", late)
    assert imposed.status_code == 201, imposed.text
    await settle(api.desk.runtime, director.tenant)
    [drawn] = (await director.get(DRAWS)).json()["items"]
    assert [clause["id"] for clause in drawn["clauses"]] == ["R11.1.13", "R11.2.2"]
    assert len(drawn["entry_keys"]) == 2
    own = (await director.get(STATEMENT, params={"person": str(clerk.member)})).json()
    assert (own["totals"]["issued_fen"], own["totals"]["displaced_fen"], own["totals"]["owed_fen"]) == (
        13_000, 3_000, 10_000
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"{LEDGERS}?owing=1", "/owing"),
        (f"{LEDGERS}?subject_kind=tree", "/subject_kind"),
        (f"{STATEMENT}?person=me", "/person"),
        (f"{STATEMENT}?from=2026", "/from"),
        (f"{STATEMENT}?department=", "/department"),
        (f"{DRAWS}?cursor=W10", "/cursor"),
        (f"{DRAWS}?person=1", "/person"),
    ],
)
async def test_a_filter_that_does_not_fit_is_named(api: Api, path: str, field: str):
    """A 400 that says which."""
    assert problem_of(await (await api.tenant()).get(path), 400)["field"] == field
