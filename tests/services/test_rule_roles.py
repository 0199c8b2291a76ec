"""A typing error in a rule value that names a role, over HTTP."""

import pytest

from tests.services.conftest import Api
from tests.services.crowd import problem_of


@pytest.mark.clause("R0.7", "R11.2.2")
async def test_a_ladder_that_names_no_role_is_refused_with_its_path(api: Api) -> None:
    """422 with the code and the place; the same ladder with a role there is makes a draft."""
    admin = await api.tenant()
    drafter = await api.member(admin, "rules_drafter")
    made = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-01-01"})
    assert made.status_code == 201, made.text
    path = f"/v1/rule-books/{made.json()['id']}/draft-version"
    level = {"after_minutes": 60, "channel": "inbox"}
    ladder = [{"role": "director_assistant", **level}, {"role": "sale_director", **level}]
    wrong = await drafter.post(path, {"changes": {"escalation": ladder}, "note": "上报层级"})
    problem = problem_of(wrong, 422, "rule_value_senseless")
    assert problem["field"] == "/changes/escalation/1/role"
    assert problem["details"]["problems"][0]["field"] == "escalation[1].role"
    ladder[1]["role"] = "sales_director"
    assert (await drafter.post(path, {"changes": {"escalation": ladder}, "note": "上报层级"})).status_code == 200
