"""The hand-written queries over HTTP: reports, lists, statement, scorecard, rules, members, what needs attention."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.assessment.commands import LapseSurvey
from domain.kernel import derived_id
from infra.eventstore import append_on
from infra.follower import Follower
from infra.recordings import NewEvent, Recording
from infra.wire import Metadata, canonical
from projections.catalogue import PROJECTIONS
from services.runtime.recording import encode_command
from tests.domain.story import DEPOSIT, PROJECT, assessment_of
from tests.domain.world import RULES
from tests.projections.folding import placed, year
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt, book_of, problem_of, register

SCORES = "/v1/reports/monthly-scores"
STATEMENT = f"/v1/contract-deposits/{DEPOSIT}/statement"
SCORECARD = f"/v1/assessments/{assessment_of('2026-05')}/scorecard"
LISTS = (
    SCORES,
    f"{SCORES}/summary",
    "/v1/reports/open-assessments",
    "/v1/reports/attention",
    "/v1/assessments",
    "/v1/property-projects",
    "/v1/contract-deposits",
    "/v1/members",
    STATEMENT,
)
OTHERS = (SCORECARD, "/v1/rule-books", "/v1/rules/R14/fields", "/v1/clauses")


async def follow(api: Api, tenant: UUID) -> None:
    """Bring the tenant's projections to its last event."""
    await Follower(api.desk.runtime.database, api.desk.runtime.mapper, PROJECTIONS).follow(tenant)


async def lived(api: Api, events: int | None = None) -> Caller:
    """An administrator whose tenant has the year behind it, or the first of its events, its projections followed."""
    caller = await api.tenant()
    book = derived_id(caller.tenant, "rule_book", "R14")
    encode = api.desk.runtime.mapper.encode
    told = [
        NewEvent(book if each.stream_id == RULES else each.stream_id, each.version, *encode(each.event))
        for each in placed(year().log[:events])
        if not str(each.event.__struct_config__.tag).startswith("organisation.")
    ]
    metadata = canonical(Metadata(command_id=uuid4(), command="story.tell", actor_kind="system"))
    recording = Recording(events=told, metadata=metadata, recorded_at=api.clock(), configures=True)
    async with api.desk.runtime.database.tenant_transaction(caller.tenant) as connection:
        await append_on(connection, caller.tenant, [recording])
    await follow(api, caller.tenant)
    return caller


def until(event: str) -> int:
    """How many events of the year come before the first of a kind."""
    return next(n for n, (*_, told) in enumerate(year().log) if type(told).__name__ == event)


async def pages(caller: Caller, path: str, **params: Any) -> list[dict[str, Any]]:
    """All items of a list, fetched one by one."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await caller.get(path, params={**params, "limit": "1", **cursor})
        assert page.status_code == 200, page.text
        assert len(page.json()["items"]) <= 1
        items += page.json()["items"]
        if page.json()["next"] is None:
            return items
        cursor = {"cursor": page.json()["next"]}


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


@pytest.mark.clause("R14.2.1", "R14.2.2", "R14.5")
async def test_monthly_scores_tell_what_each_month_came_to(api: Api):
    """Latest month first, with decimal strings, labels in two languages, instants of the tenant and money in fen."""
    caller = await lived(api)
    items = (await caller.get(SCORES)).json()["items"]
    assert [item["month"] for item in items] == [f"2026-{n:02}" for n in range(9, 2, -1)]
    march = items[-1]
    assert (march["band"], march["band_label"]) == ("failed", {"zh": "不合格", "en": "failed"})
    assert (march["status_label"]["zh"], march["vetoed"]) == ("已结算", True)
    assert isinstance(march["score"], str)
    assert march["deposit_effect_fen"] == -100_000
    assert datetime.fromisoformat(march["closed_at"]).utcoffset() == timedelta(hours=8)
    failed = (await caller.get(SCORES, params={"band": "failed", "from": "2026-04", "to": "2026-08"})).json()["items"]
    assert failed == [i for i in items if i["band"] == "failed" and "2026-04" <= i["month"] <= "2026-08"]
    assert 0 < len(failed) < len(items)


async def test_assessments_are_listed_by_project_month_and_status(api: Api):
    """The list of assessments narrows to a project, a month, a status."""
    caller = await lived(api)
    one = (await caller.get("/v1/assessments", params={"month": "2026-05"})).json()["items"]
    assert [item["assessment_id"] for item in one] == [str(assessment_of("2026-05"))]
    whole = (await caller.get("/v1/assessments", params={"project_id": str(PROJECT), "status": "closed"})).json()
    assert len(whole["items"]) == 7
    assert (await caller.get("/v1/assessments", params={"project_id": str(uuid4())})).json()["items"] == []


async def test_the_summary_is_of_the_tenants_year_unless_named(api: Api):
    """Without a year, the current one of the tenant; with one, that one."""
    caller = await lived(api)
    (summary,) = (await caller.get(f"{SCORES}/summary")).json()["items"]
    assert (summary["year"], summary["closed"]) == (2026, 7)
    assert summary["failed"] + summary["excellent"] + summary["qualified"] + summary["marginal"] == 7
    assert isinstance(summary["average"], str)
    assert (await caller.get(f"{SCORES}/summary", params={"year": "2025"})).json()["items"] == []


@pytest.mark.clause("R14.3")
async def test_open_assessments_tell_what_each_still_lacks(api: Api):
    """Lacks with weight, clause and labels; days to the survey's end; ballots against seats; corrections awaited."""
    caller = await lived(api, until("SurveyClosed"))
    (march,) = (await caller.get("/v1/reports/open-assessments")).json()["items"]
    assert (march["month"], march["status"], march["days_left"]) == ("2026-03", "open", 29)
    assert (march["staff_ballots"], march["staff_seats"]) == (1, 10)
    assert (march["student_ballots"], march["student_seats"]) == (0, 20)
    assert march["findings_awaiting_correction"] == 1
    lacks = {lack["code"]: lack for lack in march["lacks"]}
    assert (lacks["survey_open"]["weight"], lacks["survey_open"]["clause"]["id"]) == ("blocks", "R14.3")
    assert lacks["survey_open"]["clause"]["label"]["en"]
    assert (lacks["corrections"]["have"], lacks["corrections"]["weight"]) == (1, "note")
    assert {lack["subject"] for lack in march["lacks"] if lack["code"] == "group_ballots"} == {"staff", "students"}


@pytest.mark.clause("R14.5.1", "R14.5.2")
async def test_projects_show_what_stands_between_the_parties(api: Api):
    """Streak, correction owed, right to terminate, excellent months, deposit and balance."""
    caller = await lived(api, until("CorrectionConfirmed"))
    (project,) = (await caller.get("/v1/property-projects", params={"status": "active"})).json()["items"]
    assert (project["project_id"], project["name"]) == (str(PROJECT), "东校区物业服务")
    assert (project["streak"], project["termination_right_since"]) == (5, "2026-07")
    assert project["open_correction"]["month"] == "2026-04"
    assert project["open_correction"]["status_label"]["zh"]
    assert (project["deposit_id"], project["deposit_balance_fen"]) == (str(DEPOSIT), 9_500_000)
    assert (await caller.get("/v1/property-projects", params={"status": "ended"})).json()["items"] == []
    after = await lived(api)
    (project,) = (await after.get("/v1/property-projects")).json()["items"]
    assert project["tender_priority_months"]
    assert (project["status"], project["open_correction"]) == ("ended", None)


@pytest.mark.clause("R14.5.1")
async def test_the_statement_leads_from_an_entry_to_its_scorecard_and_events(api: Api):
    """What an entry names can be fetched: the scorecard of its revision, and each event in its stream's history."""
    caller = await lived(api)
    statement = (await caller.get(STATEMENT)).json()
    assert statement["deposit"]["balance_fen"] == sum(item["effect_fen"] for item in statement["items"]) == 0
    entry = next(item for item in statement["items"] if item["kind"] == "penalty")
    assert entry["clause"] == {"id": "R14.5.1", "label": entry["clause"]["label"]}
    assert entry["readings"][0]["id"] == "R14.5.1.base"
    assert entry["readings"][0]["value_label"]["zh"]
    card = entry["scorecard"]
    scored = await caller.get(
        f"/v1/assessments/{card['assessment_id']}/scorecard", params={"revision": str(card["revision"])}
    )
    assert (scored.json()["score"], scored.json()["band"]) == (card["score"], card["band"])
    assert scored.json()["event"] == entry["events"][1]
    nouns = ("rule-books", "assessments", "property-projects", "contract-deposits")
    for noun, event in zip(nouns, entry["events"], strict=True):
        told = (await caller.get(f"/v1/{noun}/{event['stream_id']}/history", params={"limit": "200"})).json()["items"]
        assert (event["type"], event["version"], event["position"]) in {
            (each["type"], each["version"], each["position"]) for each in told
        }


async def test_a_statement_of_dates_holds_what_was_booked_on_them(api: Api):
    """Both dates are included, and are the tenant's."""
    caller = await lived(api)
    whole = (await caller.get(STATEMENT)).json()["items"]
    booked = whole[0]["booked_at"][:10]
    assert (await caller.get(STATEMENT, params={"from": booked, "to": booked})).json()["items"] == whole
    after = (datetime.fromisoformat(whole[-1]["booked_at"]) + timedelta(days=1)).date().isoformat()
    assert (await caller.get(STATEMENT, params={"from": after})).json()["items"] == []
    assert (await caller.get(STATEMENT, params={"to": "2026-01-01"})).json()["items"] == []


@pytest.mark.clause("R14.2.2", "R14.2.3", "R14.2.4")
async def test_a_scorecard_is_derived_step_by_step(api: Api):
    """Every step has its clause, its labels, its inputs and its result; the last of them is the band."""
    caller = await lived(api)
    latest = (await caller.get(SCORECARD)).json()
    first = (await caller.get(SCORECARD, params={"revision": "1"})).json()
    assert (first["revision"], first["band"], first["vetoes"][0]["ground"]) == (1, "failed", "college_criticism")
    assert latest["revision"] == latest["revisions"][0]["revision"] > 1
    assert [each["revision"] for each in latest["revisions"]] == list(range(latest["revision"], 0, -1))
    assert (first["reason"], latest["reason"]) == ("资料缺失", "查无实据")
    assert "content_result:hygiene" in first["gaps"]
    for card in (latest, first):
        steps = card["steps"]
        assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))
        assert all(step["clause"]["label"]["zh"] and step["label"]["en"] for step in steps)
        assert (steps[-1]["code"], steps[-1]["result"]) == ("band", card["band"])
        assert {"name": "score", "value": card["score"]} in steps[-1]["inputs"]
        assert any(step["reading"] and step["reading"]["value_label"]["zh"] for step in steps)
    problem_of(await caller.get(SCORECARD, params={"revision": "99"}), 404, "no_scorecard")


async def test_a_month_that_is_open_has_no_scorecard(api: Api):
    """The scorecard of an open month, of no month and of something else are one and the same 404."""
    caller = await lived(api, until("SurveyClosed"))
    for stream in (assessment_of("2026-03"), uuid4(), PROJECT):
        problem_of(await caller.get(f"/v1/assessments/{stream}/scorecard"), 404, "no_scorecard")


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
