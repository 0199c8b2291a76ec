"""A month of R14 over HTTP, from provisioning to the scorecard, each step by the person whose it is."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.worker.settling import settle
from tests.services.conftest import PASSWORD, Api, Caller
from tests.services.crowd import FINDING, adopt, assessment_of, book_of, problem_of, register


async def _signed_in(api: Api, slug: str, username: str, password: str) -> Caller:
    body = {"organisation": slug, "username": username, "password": password}
    session = await api.http.post("/v1/sessions", json=body)
    assert session.status_code == 201, session.text
    token = session.json()["token"]
    me = (await api.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).json()
    return Caller(api.http, UUID(me["tenant_id"]), slug, token, UUID(me["member_id"]))


async def _provisioned(api: Api, slug: str) -> Caller:
    """A tenant made by the operator over HTTP; its administrator."""
    signed_in = await api.http.post("/v1/platform/sessions", json={"username": "operator", "password": PASSWORD})
    operator = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    organisation = {"name": "某大学后勤", "admin_username": "head", "admin_display_name": "处长"}
    made = await api.http.post(
        "/v1/platform/tenants",
        json={"slug": slug, "organisation": organisation, "admin_password": PASSWORD},
        headers=operator,
    )
    assert made.status_code == 201, made.text
    return await _signed_in(api, slug, "head", PASSWORD)


async def _hired(api: Api, admin: Caller, username: str, *roles: str) -> Caller:
    """A member added and given a password over HTTP, then signed in."""
    body = {"username": username, "display_name": username, "roles": list(roles)}
    added = await admin.post(f"/v1/organisations/{admin.tenant}/add-member", body)
    member = added.json()["events"][0]["member_id"]
    given = await admin.post(f"/v1/members/{member}/password", {"password": f"{username} {PASSWORD}"})
    assert given.status_code == 204, given.text
    return await _signed_in(api, admin.slug, username, f"{username} {PASSWORD}")


def _done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.clause("R14.6", "R0.7")
async def test_a_second_person_publishes_what_the_first_drafted(api: Api) -> None:
    """Whoever drafts a version is refused its publication, with the clause; another person publishes it."""
    admin = await api.tenant()
    both = await api.member(admin, "rules_drafter", "rules_publisher")
    publisher = await api.member(admin, "rules_publisher")
    await adopt(admin)
    book = f"/v1/rule-books/{book_of(admin)}"
    _done(await both.post(f"{book}/draft-version", {"changes": {"penalty_percent": "2"}, "note": "从严"}))
    publish = {"version": 2, "effective_from": "2026-04-01"}

    refused = problem_of(await both.post(f"{book}/publish-version", publish), 403, "second_person_required")
    published = _done(await publisher.post(f"{book}/publish-version", publish))

    assert refused["clause"] == "R14.6"
    [event] = published["events"]
    assert (event["version"], event["published_by"], event["drafted_by"]) == (
        2,
        str(publisher.member),
        [str(both.member)],
    )


async def _people(api: Api, slug: str) -> dict[str, Caller]:
    admin = await _provisioned(api, slug)
    people = {"admin": admin}
    for role in ("registrar", "assessor", "department", "leader", "auditor"):
        people[role] = await _hired(api, admin, role, role)
    return people


async def _opened(api: Api, people: dict[str, Caller]) -> tuple[str, str]:
    """A project with rosters and its month of March, opened and drawn; the project's and the assessment's address."""
    await adopt(people["admin"])
    project = await register(people["registrar"])
    at = f"/v1/property-projects/{project}"
    for group, most in (("staff", 12), ("students", 25)):
        roster = [{"code": f"{group}{n}", "name": f"某{n}"} for n in range(most)]
        _done(await people["registrar"].post(f"{at}/replace-roster", {"group": group, "people": roster}))
    _done(await people["assessor"].post(f"{at}/open-month", {"month": "2026-03"}))
    drawn = _done(await people["assessor"].post(f"{at}/draw-representatives", {"month": "2026-03"}))
    assert len(drawn["events"][0]["staff"]) == 10
    await settle(api.desk.runtime, people["admin"].tenant)
    return at, f"/v1/assessments/{assessment_of(project)}"


@pytest.mark.clause("R14.1", "R14.2.1", "R14.2.2", "R14.2.3", "R14.3", "R14.4", "R14.5.1")
async def test_a_month_from_provisioning_to_the_scorecard(api: Api) -> None:
    """Provisioned by the operator, assessed by its people, closed into a score that the auditor can read."""
    people = await _people(api, "month-whole")
    _, month = await _opened(api, people)

    _done(await people["department"].post(f"{month}/record-finding", {**FINDING, "count": 2}))
    complaint = {"complaint_ref": "T-1", "item_code": "repairs.response", "note": "一周无人答复"}
    _done(await people["department"].post(f"{month}/record-upheld-complaint", complaint))
    for number, score in enumerate(("60", "95", "90", "88.5")):
        paper = {"group": "staff", "score": score, "ballot_ref": f"P-{number}"}
        _done(await people["assessor"].post(f"{month}/cast-ballot", paper))
    links = await people["assessor"].post(f"{month}/ballot-links", {"group": "students", "count": 2})
    assert links.status_code == 201, links.text
    tokens = [url.rsplit("/", 1)[1] for url in links.json()["urls"]]
    for token in tokens:
        invited = _done(await api.http.get(f"/v1/ballots/{token}"))
        assert (invited["month"], invited["group"]) == ("2026-03", "students")
        _done(await api.http.post(f"/v1/ballots/{token}", json={"score": "91"}))
    problem_of(await api.http.post(f"/v1/ballots/{tokens[0]}", json={"score": "1"}), 409, "ballot_link_used")
    state = _done(await people["auditor"].get(month))["state"]
    for content in state["awaited"]:
        result = {"content": content["code"], "department": "后勤"}
        _done(await people["department"].post(f"{month}/submit-content-result", result))

    early = problem_of(await people["assessor"].post(f"{month}/close-assessment"), 409, "survey_open")
    api.clock.forward(days=31)
    await settle(api.desk.runtime, people["admin"].tenant)
    assessor = await _signed_in(api, "month-whole", "assessor", f"assessor {PASSWORD}")
    closed = _done(await assessor.post(f"{month}/close-assessment"))

    assert early["clause"] == "R14.3"
    [event] = closed["events"]
    card = event["scorecard"]
    assert Decimal(0) < Decimal(card["score"]) < 100
    assert card["band"] in ("excellent", "qualified", "marginal", "failed")
    assert event["rule_version"] == 1
    await settle(api.desk.runtime, people["admin"].tenant)
    auditor = await _signed_in(api, "month-whole", "auditor", f"auditor {PASSWORD}")
    shown = _done(await auditor.get(month))["state"]
    assert (shown["status"], shown["scorecard"]["score"]) == ("closed", card["score"])


@pytest.mark.clause("R14.4")
async def test_the_worker_opens_the_assessment_and_the_deposit(api: Api) -> None:
    """What a project's events cause on other nouns is there once the worker has passed."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar", "assessor")
    await adopt(admin)
    project = await register(registrar)
    opened = _done(await registrar.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"}))

    await settle(api.desk.runtime, admin.tenant)

    assert opened["events"][0]["assessment_id"] == str(assessment_of(project))
    assert _done(await registrar.get(f"/v1/assessments/{assessment_of(project)}"))["state"]["status"] == "open"


async def test_members_without_the_role_are_told_which_permission_is_lacking(api: Api) -> None:
    """An auditor may read and nothing else; the refusal names the permission."""
    admin = await api.tenant()
    auditor = await api.member(admin, "auditor")

    refused = await auditor.post("/v1/rule-books", {"regulation": "R14", "effective_from": "2026-03-01"})

    assert problem_of(refused, 403, "forbidden")["details"] == {"permission": "rule_book.adopt_pack"}
