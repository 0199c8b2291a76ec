"""What the queries of assessments, projects and deposits answer over HTTP."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.domain.story import DEPOSIT, PROJECT, assessment_of
from tests.services.conftest import Api
from tests.services.crowd import problem_of
from tests.services.lived import SCORECARD, SCORES, STATEMENT, lived, until


@pytest.mark.clause("R14.2.1", "R14.2.2", "R14.5.1", "R14.5.2")
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
        assert problem_of(await caller.get(f"/v1/assessments/{stream}/scorecard"), 404, "no_scorecard")
