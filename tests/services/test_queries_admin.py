"""What the administrators' queries answer: rules, clauses, members, what needs attention."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from domain.assessment.commands import LapseSurvey
from services.runtime.recording import encode_command
from tests.projections.folding import year
from tests.services.conftest import Api
from tests.services.crowd import adopt, book_of, problem_of, register
from tests.services.lived import pages


async def test_rule_books_show_versions_and_the_open_draft(api: Api):
    """Which version is in force today, what the draft changes, and who drafted it."""
    caller = await api.tenant()
    await adopt(caller)
    drafter = await api.member(caller, "rules_drafter")
    body = {"changes": {"top_up_days": 30}, "note": "放宽"}
    drafted = await drafter.post(f"/v1/rule-books/{book_of(caller)}/draft-version", body)
    assert drafted.status_code == 200, drafted.text
    (book,) = (await caller.get("/v1/rule-books")).json()["items"]
    assert (book["id"], book["regulation"], book["status"]) == (str(book_of(caller)), "R14", "drafting")
    assert book["versions"] == [{"version": 1, "effective_from": "2026-03-01", "in_force": True}]
    assert book["draft"]["changes"] == ["top_up_days"]
    assert [author["id"] for author in book["draft"]["authors"]] == [str(drafter.member)]
    assert book["draft"]["authors"][0]["name"]


async def test_the_values_of_the_rules_explain_themselves(api: Api):
    """Label, clause, unit, bounds, readings, default; the value in force once the rules are adopted."""
    caller = await api.tenant()
    before = (await caller.get("/v1/rules/R14/fields")).json()
    assert before["version"] is None
    assert {item["value"] for item in before["items"]} == {None}
    await adopt(caller)
    after = (await caller.get("/v1/rules/R14/fields")).json()
    fields = {item["name"]: item for item in after["items"]}
    assert after["version"] == 1
    penalty = fields["penalty_percent"]
    assert (penalty["clause"]["id"], penalty["unit"], penalty["kind"]) == ("R14.5.1", "percent", "decimal")
    assert penalty["default"] == penalty["value"]
    assert isinstance(penalty["default"], str)
    assert (fields["top_up_days"]["own"], penalty["own"]) == (True, False)
    trim = fields["trim"]
    assert (trim["reading"], [option["value"] for option in trim["options"]]) == ("R14.2.3.trim", ["all", "per_group"])
    assert len(fields["contents"]["default"]) == 11
    problem_of(await caller.get("/v1/rules/R1/fields"), 404, "not_found")


async def test_clauses_are_listed_with_their_readings(api: Api):
    """All regulations, or the one named, each clause and reading with labels in two languages."""
    caller = await api.tenant()
    assert len((await caller.get("/v1/clauses")).json()["items"]) == 16
    (r14,) = (await caller.get("/v1/clauses", params={"regulation": "R14"})).json()["items"]
    assert "R14.2.3" in {clause["id"] for clause in r14["clauses"]}
    assert all(clause["label"]["zh"] and clause["label"]["en"] for clause in r14["clauses"])
    assert "R14.5.1.base" in {reading["id"] for reading in r14["readings"]}


async def test_members_are_listed_by_username_with_the_titles_of_their_roles(api: Api):
    """Whoever was disabled is still listed, as that."""
    caller = await api.tenant()
    member = await api.member(caller, "finance", username="zz.finance")
    disabled = await caller.post(
        f"/v1/organisations/{caller.tenant}/disable-member", {"member_id": str(member.member), "reason": "离职"}
    )
    assert disabled.status_code == 200, disabled.text
    items = await pages(caller, "/v1/members")
    assert [item["username"] for item in items] == ["admin", "zz.finance"]
    assert [item["disabled"] for item in items] == [False, True]
    assert items[1]["roles"] == [{"name": "finance", "label": {"zh": "财务", "en": "Finance"}}]


async def test_what_needs_attention_is_listed_latest_first(api: Api):
    """Refused reactions and failed deadlines, each with what was to be done to which stream, and why it was not."""
    caller = await api.tenant()
    await adopt(caller)
    project = await register(await api.member(caller, "registrar"))
    now = datetime(2026, 3, 2, 4, tzinfo=UTC)
    story = year()
    (_, _, _, opened) = next(each for each in story.log if type(each[3]).__name__ == "DepositOpened")
    command = msgspec.json.encode({"command": "open_deposit", "body": msgspec.to_builtins(opened)})
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        for n in range(3):
            await connection.execute(
                "insert into reaction_refusals values ($1, 'open_deposit', $2, 0, 'contract_deposit', $3,"
                " 'already_exists', '该履约保证金已存在', $4, $5)",
                caller.tenant,
                n,
                UUID(project),
                command,
                now,
            )
        await connection.execute(
            "insert into deadlines (tenant_id, originator_id, key, due_at, noun, command, failed_at, failure)"
            " values ($1, $2, 'survey', $3, 'assessment', $4, $5, 'the stream is gone')",
            caller.tenant,
            UUID(project),
            now,
            encode_command(LapseSurvey()),
            now + timedelta(minutes=1),
        )
    items = await pages(caller, "/v1/reports/attention")
    assert [item["kind"] for item in items] == ["deadline_failed", *["reaction_refused"] * 3]
    assert [item["position"] for item in items] == [None, 2, 1, 0]
    failed, refused = items[0], items[1]
    assert (failed["command"], failed["key"], failed["message"]) == ("lapse_survey", "survey", "the stream is gone")
    assert datetime.fromisoformat(failed["due_at"]) == now
    assert (refused["code"], refused["reaction"], refused["command"]) == (
        "already_exists",
        "open_deposit",
        "open_deposit",
    )
    assert refused["body"]["agreed_fen"] == 10_000_000
    assert refused["kind_label"]["zh"]
