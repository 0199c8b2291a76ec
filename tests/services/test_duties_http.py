"""Tiered inspection over HTTP: posts get their duties, an inspection meets one, others lapse, and the lists show it."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from domain.kernel import derived_id
from services.settings import Settings
from services.worker.settling import settle
from tests.domain import inspection_given as given
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

PROJECT = str(UUID(int=0x51))
SITE = str(derived_id(UUID(PROJECT), "inspection_site"))
LEVELS = {
    "manager": "company_manager",
    "head": "project_head",
    "supervisor": "supervisor",
    "lead": "area_lead",
    "cleaner": "operator",
}
LOG = {"points": "楼道", "analysis": "人手不足", "measures": "增派", "lessons": "提前安排"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while days pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 100)


class Company:
    """A property company with one person at each level."""

    def __init__(self, api: Api, admin: Caller, people: dict[str, Caller]) -> None:
        self.api = api
        self.admin = admin
        self.people = people

    def __getitem__(self, level: str) -> Caller:
        return self.people[level]

    async def site(self, command: str, body: object, level: str = "manager") -> dict:
        """Send a command to the site."""
        answer = await self[level].post(f"/v1/inspection-sites/{SITE}/{command}", body)
        assert answer.status_code == 200, answer.text
        await self.settle()
        return answer.json()["events"][0]

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self.admin.tenant)

    async def day(self, day: int, hour: int = 10) -> None:
        """It is this hour of a day in March, in Shanghai."""
        self.api.clock.now = datetime(2026, 3, day, hour - 8, tzinfo=UTC)
        await self.settle()

    async def read(self, path: str, level: str = "head", **query: str) -> dict:
        """A list as somebody reads it."""
        answer = await self[level].get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def inspect(self, level: str, *nonconforming: str) -> str:
        """Plan, carry out and complete an inspection of everything, with findings of these items in area A0."""
        register = given.register()
        plan = {
            "post": level,
            "planned_for": self.api.clock.now.date().isoformat(),
            "areas": [one.code for one in register.areas],
            "units": [one.code for one in register.units],
            "items": [one.code for one in register.items],
            "content": "日常巡查",
            "method": "现场抽查",
        }
        planned = await self.site("plan-inspection", plan, level)
        stream = planned["frame"]["inspection_id"]
        point = {"area": "A0", "result": "nonconforming", "note": "积灰", "handling": "plan"}
        covered = {key: plan[key] for key in ("areas", "units", "items")}
        for command, body in (
            ("begin-inspection", {}),
            *(("record-point", {**point, "item": item}) for item in nonconforming),
            ("complete-inspection", {**covered, "log": LOG}),
        ):
            answer = await self[level].post(f"/v1/inspections/{stream}/{command}", body)
            assert answer.status_code == 200, answer.text
        await self.settle()
        return stream


@pytest.fixture
async def company(api: Api) -> Company:
    """A company under the shipped rules, whose duties begin on Tuesday, the 3rd of March."""
    admin = await api.tenant()
    people = {level: await api.member(admin, role) for level, role in LEVELS.items()}
    company = Company(api, admin, people)
    adopted = await admin.post("/v1/rule-books", {"regulation": "R12", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    registered = await company["manager"].post("/v1/inspection-sites", {"project_id": PROJECT, "name": "东校区"})
    assert registered.status_code == 201, registered.text
    await company.site("revise-register", msgspec.to_builtins(given.register()))
    posts = [{"code": level, "level": role, "person": str(people[level].member)} for level, role in LEVELS.items()]
    await company.site("appoint-posts", {"posts": posts, "begins_on": "2026-03-03"})
    return company


@pytest.mark.clause("R12.5.1")
async def test_each_person_sees_what_he_owes_today(company: Company) -> None:
    """The supervisor inspects and countersigns; what is met is off the list; the operator meets his self-check."""
    await company.day(3)
    mine = str(company["supervisor"].member)
    owed = (await company.read("/v1/duties", person=mine))["items"]
    assert {(one["kind"], one["times"], one["performed"]) for one in owed} == {
        ("r12.inspect", 1, 0),
        ("r12.review.form.area_lead", 1, 0),
    }
    assert owed[0]["clause"]["id"] == "R12.5.1"
    assert owed[0]["closes_at"] == "2026-03-04T00:00:00+08:00"
    await company.inspect("supervisor")
    left = (await company.read("/v1/duties", person=mine))["items"]
    assert [one["kind"] for one in left] == ["r12.review.form.area_lead"]
    [self_check] = (await company.read("/v1/duties", role="operator"))["items"]
    met = await company["cleaner"].post(f"/v1/duties/{self_check['duty_id']}/meet-duty", {})
    assert met.status_code == 200, met.text
    other = await company["lead"].post(f"/v1/duties/{self_check['duty_id']}/meet-duty", {})
    problem_of(other, 403, "not_the_holder")


@pytest.mark.clause("R12.5.3")
async def test_sites_and_inspections_are_found_again(company: Company) -> None:
    """The site with its register; inspections by site, level, status and day; page by page."""
    [site] = (await company.read("/v1/inspection-sites", "cleaner", project=PROJECT))["items"]
    register = given.register()
    assert (site["site_id"], site["name"], site["status_label"]["zh"]) == (SITE, "东校区", "使用中")
    assert (site["areas"], site["items"], site["posts"]) == (len(register.areas), len(register.items), len(LEVELS))
    await company.day(3)
    done = await company.inspect("supervisor", "I0")
    await company.day(4)
    whole = {kind: [one.code for one in getattr(register, kind)] for kind in ("areas", "units", "items")}
    plan = {"post": "lead", "planned_for": "2026-03-06", "content": "巡查", "method": "抽查", **whole}
    planned = (await company.site("plan-inspection", plan, "lead"))["frame"]["inspection_id"]
    [first, second] = (await company.read("/v1/inspections", site=SITE))["items"]
    assert [one["inspection_id"] for one in (first, second)] == [done, planned]
    assert (first["status"], first["nonconforming"], first["lacking"], first["planned_for"]) == (
        *("completed", 1, []),
        "2026-03-03",
    )
    assert (second["status_label"]["zh"], second["nonconforming"], second["person"]) == (
        *("已计划", None),
        str(company["lead"].member),
    )
    for query, found in (
        ({"level": "supervisor"}, [done]),
        ({"status": "planned", "project": PROJECT}, [planned]),
        ({"from": "2026-03-04"}, [planned]),
        ({"to": "2026-03-03"}, [done]),
        ({"from": "2026-03-04", "to": "2026-03-05"}, []),
    ):
        listed = (await company["head"].get("/v1/inspections", params=query)).json()["items"]
        assert [one["inspection_id"] for one in listed] == found, query
    page = await company.read("/v1/inspections", limit="1")
    rest = await company.read("/v1/inspections", cursor=page["next"])
    assert ([one["inspection_id"] for one in rest["items"]], rest["next"]) == ([planned], None)
    await company.site("close-site", {"reason": "撤场"})
    assert (await company.read("/v1/inspection-sites", status="open"))["items"] == []


@pytest.mark.clause("R12.5.1")
async def test_compliance_by_level_and_month_and_as_a_calendar(company: Company) -> None:
    """Two days on: the supervisor met one of two inspections, the operator none; the same as data and as a picture."""
    await company.day(3)
    await company.inspect("supervisor")
    await company.day(5)
    rows = (await company.read("/v1/reports/duty-compliance", project=PROJECT, **{"from": "2026-03"}))["items"]
    kept = {one["role"]: (one["met"], one["missed"], one["rate"]) for one in rows}
    assert kept["supervisor"] == (1, 3, "25.0")
    assert kept["operator"] == (0, 2, "0.0")
    assert "company_manager" not in kept
    days = (await company.read("/v1/reports/duty-calendar", role="supervisor", **{"from": "2026-03"}))["days"]
    assert [(one["day"], one["met"], one["missed"]) for one in days] == [("2026-03-03", 1, 1), ("2026-03-04", 0, 2)]
    drawn = await company["head"].get("/v1/reports/duty-calendar.svg", params={"from": "2026-03"})
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.count("<rect") == 31


@pytest.mark.clause("R12.5.4", "R12.5.3.3")
async def test_open_nonconformities_show_their_age_and_who_answers(company: Company) -> None:
    """Found by the lead, found again by the supervisor: one open issue, twice found, a day old, somebody liable."""
    await company.day(3)
    await company.inspect("lead", "I0")
    await company.day(4)
    await company.inspect("supervisor", "I0")
    [issue] = (await company.read("/v1/nonconformities"))["items"]
    assert (issue["subject"], issue["area"], issue["status"]) == ("I0", "A0", "open")
    assert (issue["age_days"], issue["times_found"], issue["liabilities"]) == (1, 2, 1)
    state = await company.read(f"/v1/nonconformities/{issue['nonconformity_id']}")
    assert [one["level"] for one in state["state"]["chain"]] == ["area_lead", "supervisor"]
    assert (await company.read("/v1/nonconformities", overdue="true"))["items"] == []
    plan = {
        "complete_by": "2026-03-04",
        "person": str(company["lead"].member),
        "cause": "人手",
        "steps": "增派",
        "resources": "一人",
        "standard": "无积灰",
    }
    address = f"/v1/nonconformities/{issue['nonconformity_id']}"
    assert (await company["supervisor"].post(f"{address}/plan-correction", plan)).status_code == 200
    await company.day(6)
    [late] = (await company.read("/v1/nonconformities", overdue="true"))["items"]
    assert (late["status"], late["corrector"]) == ("planned", str(company["lead"].member))


async def test_another_organisation_sees_nothing_of_it(company: Company, api: Api) -> None:
    """Its lists are empty, and the ids of another's duties, sites and issues are ids that do not exist."""
    await company.day(3)
    await company.inspect("lead", "I0")
    [duty, *_] = (await company.read("/v1/duties"))["items"]
    [issue] = (await company.read("/v1/nonconformities"))["items"]
    stranger = await api.member(await api.tenant(), "company_manager")
    await settle(api.desk.runtime, stranger.tenant)
    for path, key in (
        ("/v1/duties", "items"),
        ("/v1/nonconformities", "items"),
        ("/v1/inspection-sites", "items"),
        ("/v1/inspections", "items"),
        ("/v1/reports/duty-compliance", "items"),
        ("/v1/reports/duty-calendar", "days"),
    ):
        answer = await stranger.get(path)
        assert answer.json()[key] == [], path
    for path in (
        f"/v1/duties/{duty['duty_id']}",
        f"/v1/nonconformities/{issue['nonconformity_id']}",
        f"/v1/inspection-sites/{SITE}",
    ):
        problem_of(await stranger.get(path), 404, "not_found")
    meet = await stranger.post(f"/v1/duties/{duty['duty_id']}/end-duty", {"reason": "他人"})
    problem_of(meet, 404, "not_found")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/v1/duties", {"person": "nobody"}, "/person"),
        ("/v1/duties", {"role": "emperor"}, "/role"),
        ("/v1/duties", {"until": "2026-02-30"}, "/until"),
        ("/v1/reports/duty-compliance", {"from": "2026-13"}, "/from"),
        ("/v1/reports/duty-calendar", {"from": "2026-03", "to": "2026-02"}, "/to"),
        ("/v1/reports/duty-calendar.svg", {"from": "2026-01", "to": "2029-01"}, "/to"),
        ("/v1/nonconformities", {"status": "gone"}, "/status"),
        ("/v1/inspection-sites", {"project": "east"}, "/project"),
        ("/v1/inspections", {"level": "emperor"}, "/level"),
        ("/v1/inspections", {"from": "2026-02-30"}, "/from"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(company: Company, path: str, query: dict, field: str) -> None:
    """400 with the parameter that does not fit."""
    problem = problem_of(await company["head"].get(path, params=query), 400, "bad_parameter")
    assert problem["field"] == field
