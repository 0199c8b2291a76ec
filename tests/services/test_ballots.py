"""Ballots through one-time links: without an account, once, within their time, as a page and for programs (R14.3)."""

from datetime import timedelta

import pytest

from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt, assessment_of, problem_of, register

pytestmark = pytest.mark.clause("R14.3")


async def _month(api: Api) -> tuple[Caller, str]:
    """An open month: its assessor and its address."""
    admin = await api.tenant()
    await adopt(admin)
    assessor = await api.member(admin, "registrar", "assessor")
    project = await register(assessor)
    opened = await assessor.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})
    assert opened.status_code == 200, opened.text
    await settle(api.desk.runtime, admin.tenant)
    return assessor, f"/v1/assessments/{assessment_of(project)}"


async def _links(assessor: Caller, month: str, **more: object) -> list[str]:
    made = await assessor.post(f"{month}/ballot-links", {"group": "students", "count": 3, **more})
    assert made.status_code == 201, made.text
    return [url.rsplit("/", 1)[1] for url in made.json()["urls"]]


async def test_a_link_counts_once(api: Api) -> None:
    """The first ballot counts, a second says that the link was used, and the month has one ballot of the group."""
    assessor, month = await _month(api)
    token, *_ = await _links(assessor, month)

    invitation = await api.http.get(f"/v1/ballots/{token}")
    cast = await api.http.post(f"/v1/ballots/{token}", json={"score": "88.5", "comment": "整洁"})
    again = await api.http.post(f"/v1/ballots/{token}", json={"score": "10"})

    assert invitation.json()["group"] == "students"
    assert cast.status_code in (200, 201)
    assert problem_of(again, 409, "ballot_link_used")["detail_en"]
    problem_of(await api.http.get(f"/v1/ballots/{token}"), 409, "ballot_link_used")
    ballots = (await assessor.get(month)).json()["state"]["ballots"]
    assert [(one["group"], one["score"]) for one in ballots.values()] == [("students", "88.5")]


async def test_an_expired_link_and_a_closed_survey_say_so(api: Api) -> None:
    """A link is good until its own hour, at the longest until the month is over."""
    assessor, month = await _month(api)
    until = api.clock() + timedelta(hours=1)
    short, *_ = await _links(assessor, month, expires_at=until.isoformat())
    long, *_ = await _links(assessor, month)

    api.clock.forward(hours=1)
    problem_of(await api.http.post(f"/v1/ballots/{short}", json={"score": "90"}), 409, "ballot_link_expired")
    api.clock.forward(days=31)
    await settle(api.desk.runtime, assessor.tenant)
    assert (await api.http.post(f"/v1/ballots/{long}", json={"score": "90"})).status_code == 409
    assessor.token = await api._session(assessor.tenant, assessor.member)  # the old one is a month old
    assert (await assessor.get(month)).json()["state"]["ballots"] == {}


@pytest.mark.parametrize("score", ["-1", "100.01", "NaN", "1e9", "", "ten", None])
async def test_a_score_that_is_none_spends_no_link(api: Api, score: str | None) -> None:
    """What does not fit is refused and the link is still good."""
    assessor, month = await _month(api)
    token, *_ = await _links(assessor, month)

    problem_of(await api.http.post(f"/v1/ballots/{token}", json={"score": score}), 422)
    assert (await api.http.post(f"/v1/ballots/{token}", json={"score": "0"})).status_code in (200, 201)


async def test_people_vote_on_a_page(api: Api) -> None:
    """The page asks in both languages, tells what it can't take, thanks, and afterwards says that the link was used."""
    assessor, month = await _month(api)
    token, *_ = await _links(assessor, month)
    at = f"/b/{token}"

    page = await api.http.get(at)
    wrong = await api.http.post(at, data={"score": "a lot"})
    cast = await api.http.post(at, data={"score": "92", "comment": "<script>alert(1)</script>"})
    again = await api.http.post(at, data={"score": "92"})
    nothing = await api.http.get("/b/nonsense")

    assert page.status_code == 200
    assert "满意度测评" in page.text
    assert "Satisfaction" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (wrong.status_code, cast.status_code, again.status_code, nothing.status_code) == (422, 200, 409, 404)
    assert all(one.headers["content-type"].startswith("text/html") for one in (page, wrong, cast, again, nothing))
    assert "<script>" not in cast.text + again.text


async def test_links_are_stored_as_digests_and_shown_once(api: Api) -> None:
    """Neither the month's state nor its history holds a token."""
    assessor, month = await _month(api)
    tokens = await _links(assessor, month)
    shown = (await assessor.get(month)).text + (await assessor.get(f"{month}/history?limit=200")).text

    assert not [token for token in tokens if token.rsplit(".", 1)[1] in shown]
