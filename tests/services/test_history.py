"""A history told step by step: clause, rules, what each event changed, and only up to the moment asked for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.complaint import COMPLAINT
from domain.complaint import commands as c
from domain.kernel import Actor
from services.api.requests import Desk
from services.runtime.commands import CommandRequest
from services.runtime.principal import Principal
from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import PROJECT, problem_of, register
from tests.services.lived import pages

REVISION = {"name": "二", "contractor": "Acme", "contract_to": "2027-02-28"}
RECEIPT = "ab" * 32


async def office(api: Api) -> Caller:
    """A desk, a director and an auditor in one, in a tenant with the rules of R11."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    return await api.member(admin, "service_desk", "sales_director", "handler", "auditor")


async def lodged(caller: Caller) -> str:
    """The address of a complaint."""
    body = {"complainant": "customer", "kind": "contract", "subject": "合同未办", "description": "两个月",
            "departments": ["销售部"]}  # fmt: skip
    answer = await caller.post("/v1/complaints", body)
    assert answer.status_code == 201, answer.text
    return f"/v1/complaints/{answer.json()['id']}"


def change_of(entry: dict[str, Any], path: str) -> dict[str, Any]:
    """The change of a field."""
    [found] = [change for change in entry["changes"] if change["path"] == path]
    return found


@pytest.mark.clause("R11.2.2")
async def test_each_event_is_told_with_what_it_changed(api: Api):
    """Field, before and after; nothing that stayed as it was."""
    caller = await office(api)
    at = await lodged(caller)
    joint = [{"role": "sales_director", "person": str(UUID(int=1))},
             {"role": "director_assistant", "person": str(UUID(int=2))}]  # fmt: skip
    answer = await caller.post(f"{at}/assign-complaint", {"responsible": str(caller.member), "joint": joint})
    assert answer.status_code == 200, answer.text
    first, second = (await caller.get(f"{at}/history")).json()["items"]

    assert "before" not in change_of(first, "/status")
    assert change_of(second, "/status") == {"path": "/status", "before": "lodged", "after": "assigned"}
    assert change_of(second, "/responsible") == {"path": "/responsible", "before": None, "after": str(caller.member)}
    assert {change["path"] for change in second["changes"]} == {"/status", "/responsible", "/joint/0", "/joint/1"}
    assert second["more_changes"] == 0


@pytest.mark.clause("R11.2.1", "R11.2.2")
async def test_each_event_names_its_clause_and_the_rules_it_applied(api: Api):
    """The clause with its label in both languages, and the version of the rules."""
    caller = await office(api)
    [entry] = (await caller.get(f"{await lodged(caller)}/history")).json()["items"]
    assert entry["clause"]["id"] == "R11.2.1"
    assert entry["clause"]["label"]["zh"]
    assert entry["clause"]["label"]["en"]
    assert (entry["rule_version"], entry["rules"]) == (1, {"R11": 1})
    assert (entry["recorded_on"], entry["recorded_at"]) == ("2026-03-02", "2026-03-02T09:00:00+08:00")


async def test_pages_tell_the_same_as_the_whole(api: Api):
    """What an event changed does not depend on where a page begins."""
    caller = await api.member(await api.tenant(), "registrar")
    at = f"/v1/property-projects/{await register(caller)}"
    for name in "二三四":
        await caller.post(f"{at}/revise-project", {**REVISION, "name": name})
    whole = (await caller.get(f"{at}/history")).json()["items"]
    assert await pages(caller, f"{at}/history") == whole
    assert [change_of(each, "/name") for each in whole[1:]] == [
        {"path": "/name", "before": before, "after": after}
        for before, after in zip((PROJECT["name"], "二", "三"), "二三四", strict=True)
    ]


async def test_a_history_is_told_up_to_a_moment(api: Api):
    """An instant or a position; before the first event there is nothing; pages keep to the moment."""
    caller = await api.member(await api.tenant(), "registrar")
    begun = api.clock()
    at = f"/v1/property-projects/{await register(caller)}"
    for name in "二三":
        api.clock.forward(hours=1)
        await caller.post(f"{at}/revise-project", {**REVISION, "name": name})
    whole = (await caller.get(f"{at}/history")).json()["items"]
    then = (begun + timedelta(minutes=90)).isoformat()
    for moment in (then, str(whole[1]["position"])):
        assert (await caller.get(f"{at}/history", params={"as_of": moment})).json() == {
            "items": whole[:2], "next": None
        }  # fmt: skip
        assert await pages(caller, f"{at}/history", as_of=moment) == whole[:2]
    problem_of(await caller.get(f"{at}/history", params={"as_of": str(whole[0]["position"] - 1)}), 404, "not_found")
    problem_of(await caller.get(f"{at}/history", params={"as_of": "yesterday"}), 400, "bad_as_of")


async def reported(desk: Desk, caller: Caller) -> UUID:
    """An anonymous complaint, added to by its receipt an hour later."""
    stream = UUID(int=0xA)
    report = c.ReportAnonymously(receipt_hash=RECEIPT, kind="conduct", subject="态度", description="态度恶劣")
    for command in (report, c.AddByReceipt(receipt_hash=RECEIPT, text="还有")):
        await desk.runtime.bus.execute(
            CommandRequest(tenant=caller.tenant, decider=COMPLAINT, stream=stream, command=command, authorise=_nobody)
        )
    return stream


async def _nobody(_: object) -> Principal:
    return Principal(id=UUID(int=0), actor=Actor(kind="ballot_link"), permissions=frozenset())


@pytest.mark.clause("R0.3", "R11.2.1")
async def test_the_hour_of_an_anonymous_report_and_its_receipt_are_not_shown(api: Api):
    """The day alone, and nothing in the place of the receipt's hash; what the office did has its hour."""
    caller = await office(api)
    api.clock.forward(hours=3, minutes=17)
    at = f"/v1/complaints/{await reported(api.desk, caller)}"
    api.clock.forward(hours=1)
    assert (await caller.post(f"{at}/close-unfounded", {"reason": "x"})).status_code == 409
    await settle(api.desk.runtime, caller.tenant)
    told = await caller.get(f"{at}/history")
    first, second = told.json()["items"]
    assert [(each["recorded_on"], each["recorded_at"]) for each in (first, second)] == [("2026-03-02", None)] * 2
    assert (first["type"], second["type"]) == ("complaint.lodged", "complaint.information_added")
    assert "04:17" not in told.text
    assert "12:17" not in told.text
    assert RECEIPT not in told.text
    assert change_of(first, "/receipt_hash")["after"] is None
    state = await caller.get(at)
    assert state.json()["state"]["receipt_hash"] is None
    assert RECEIPT not in state.text
