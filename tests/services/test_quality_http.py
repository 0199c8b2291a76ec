"""Quality monitoring over HTTP: each noun through its life, as each role would, and what they get wrong (R15.5.1)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from domain.kernel import derived_id
from domain.quality_sheet import sheets_id
from domain.rules.r15 import default_values
from services.settings import Settings
from services.worker.settling import settle
from tests.domain import quality_given as given
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

ROLES = {
    "quality": ("quality_department",),
    "manager": ("general_manager",),
    "head": ("department",),
    "other": ("department",),
    "staff": ("staff",),
}
TEXT = {"achievements": "服务平稳", "problems": "缺表", "causes": "人手不足"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while a year passes."""
    return msgspec.structs.replace(settings, session_hours=24 * 400)


class Company:
    """A company that watches over its quality, with somebody in each role."""

    def __init__(self, api: Api, admin: Caller, people: dict[str, Caller]) -> None:
        self.api, self.admin, self.people = api, admin, people
        self.department = ""

    async def send(self, who: str, path: str, body: object = None, status: int = 200) -> Any:
        """Send a command as somebody; its first event, or the problem of another status than success."""
        answer = await self.people[who].post(f"/v1/{path}", body)
        if status >= 400:
            return problem_of(answer, status)
        assert answer.status_code == status, answer.text
        await settle(self.api.desk.runtime, self.admin.tenant)
        return answer.json() if status == 201 else answer.json()["events"][0]

    async def read(self, who: str, path: str, **query: str) -> Any:
        """Something as somebody reads it."""
        answer = await self.people[who].get(f"/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pass_to(self, month: int, day: int, year: int = 2026) -> None:
        """It is ten o'clock of a day, in Shanghai."""
        self.api.clock.now = datetime(year, month, day, 2, tzinfo=UTC)
        await settle(self.api.desk.runtime, self.admin.tenant)

    def sheets(self, month: str) -> str:
        """The address of the department's sheets of a month."""
        return f"quality-sheets/{sheets_id(UUID(self.department), month)}"

    def member(self, who: str) -> str:
        """Somebody's id."""
        return str(self.people[who].member)


def results(*bad: str) -> list[dict[str, str]]:
    """A result for every item; those named become nonconformities."""
    return [
        {"item": item, "grade": "failing", "note": "灭火器过期", "handling": "nonconformity"}
        if item in bad
        else {"item": item, "grade": "conforming"}
        for item in given.ITEMS
    ]


@pytest.fixture
async def company(api: Api) -> Company:
    """A company whose quality department and customer service check themselves from Monday, the 2nd of March."""
    admin = await api.tenant()
    people = {who: await api.member(admin, *roles) for who, roles in ROLES.items()}
    company = Company(api, admin, people)
    adopted = await admin.post("/v1/rule-books", {"regulation": "R15", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    mine = {"name": "质量管理部", "head": company.member("quality"), "compiles": True, "begins_on": "2026-03-02"}
    await company.send("quality", "service-departments", mine, 201)
    theirs = {"name": "客服部", "head": company.member("head"), "begins_on": "2026-03-02"}
    registered = await company.send("quality", "service-departments", theirs, 201)
    company.department = registered["id"]
    return company


@pytest.mark.clause("R15.5.1.3.1", "R15.5.1.3.2")
async def test_a_department_keeps_and_submits_its_sheets(company: Company) -> None:
    """Filed by its head alone, the problem followed up, missing days listed, submitted once the month is over."""
    march, sheet = company.sheets("2026-03"), {"day": "2026-03-02", "results": results("safety")}
    assert (await company.send("other", f"{march}/file-sheet", sheet, 403))["code"] == "not_a_keeper"
    assert (await company.send("head", f"{march}/file-sheet", {"day": "2026-03-02"}, 422))["status"] == 422
    filed = await company.send("head", f"{march}/file-sheet", sheet)
    assert (filed["percent"], filed["problems"], filed["late"]) == ("80.00", 1, False)
    assert (await company.send("head", f"{march}/file-sheet", sheet, 409))["code"] == "filed_already"
    assert (await company.send("head", f"{march}/submit-sheets", {}, 409))["code"] == "month_not_over"
    [issue] = (await company.read("quality", "nonconformities"))["items"]
    assert (issue["subject"], issue["clause"]["id"]) == ("安全隐患", "R15.5.1.3.1")
    amended = {"day": "2026-03-02", "results": results("safety", "site"), "reason": "漏填"}
    assert (await company.send("head", f"{march}/amend-sheet", amended))["problems"] == 2
    await company.pass_to(4, 2)
    submitted = await company.send("head", f"{march}/submit-sheets", {"remarks": "已汇总"})
    assert (submitted["filed"], submitted["late"]) == (1, False)
    rows = (await company.read("manager", "reports/quality-sheets", month="2026-03"))["items"]
    [row] = [one for one in rows if one["department"] == "客服部"]
    assert (row["filed"], row["missing"], row["percent"], row["raised"]) == (1, 21, "60.00", 2)
    assert row["submitted_at"].startswith("2026-04-02T10:00:00")
    assert (await company.send("head", f"{march}/file-sheet", sheet, 409))["code"] == "wrong_status"


@pytest.mark.clause("R15.5.1.3.1")
async def test_a_department_is_kept_by_the_quality_department(company: Company) -> None:
    """Registered, revised and closed by it alone; another head owes the duties."""
    path = f"service-departments/{company.department}"
    revised = {"name": "客户服务部", "head": company.member("other")}
    assert (await company.send("head", f"{path}/revise-department", revised, 403))["code"] == "forbidden"
    await company.send("quality", f"{path}/revise-department", revised)
    owed = (await company.read("other", "duties", person=company.member("other")))["items"]
    assert {one["kind"] for one in owed} == {"r15.sheet"}
    assert (await company.send("quality", f"service-departments/{uuid4()}/close-department", {"reason": "撤"}, 404))[
        "code"
    ] == "not_found"
    assert (await company.send("quality", "service-departments", {"name": ""}, 422))["status"] == 422
    await company.send("quality", f"{path}/close-department", {"reason": "撤并"})
    listed = (await company.read("head", "service-departments"))["items"]
    assert {(one["name"], one["compiles"], one["closed"]) for one in listed} == {
        ("质量管理部", True, False),
        ("客户服务部", False, True),
    }
    assert (await company.send("quality", f"{path}/apply-rules", {}, 409))["code"] == "department_closed"


@pytest.mark.clause("R15.5.1.3.2")
async def test_one_department_compiles_at_a_time(company: Company) -> None:
    """A second is refused while there is one, so that no report is owed twice; after it has ended another may."""
    second = {"name": "品质部", "head": company.member("other"), "compiles": True, "begins_on": "2026-03-02"}
    problem = await company.send("quality", "service-departments", second, 409)
    assert (problem["code"], problem["clause"]) == ("already_taken", "R15.5.1.3.2")
    listed = (await company.read("quality", "service-departments"))["items"]
    [first] = [one["department_id"] for one in listed if one["compiles"]]
    await company.send("quality", f"service-departments/{first}/close-department", {"reason": "撤并"})
    await company.send("quality", "service-departments", second, 201)


@pytest.mark.clause("R15.5.1.1")
async def test_goals_are_found_again_by_year_and_owner(company: Company, api: Api) -> None:
    """By year, status, and whose goals stand among them; a stranger finds none."""
    ids = {
        year: (await company.send("quality", "quality-goals", {"year": year}, 201))["id"] for year in ("2026", "2027")
    }
    goal = {"code": "c1", "indicator": "满意率", "unit": "%", "direction": "at_least", "target": "95", "every": "month"}
    top = {**goal, "weight": "60", "person": company.member("manager")}
    of_department = {"parent": "c1", "department_id": company.department, "department": "客服部", "process": "报修"}
    below = {**top, **of_department, "code": "d1", "person": company.member("head")}
    for one in (top, below):
        await company.send("quality", f"quality-goals/{ids['2026']}/set-goal", {"goal": one})
    await company.send("manager", f"quality-goals/{ids['2026']}/adopt-goals", {})
    listed = (await company.read("head", "quality-goals"))["items"]
    assert [(one["goals_id"], one["status"], one["goals"]) for one in listed] == [
        (ids["2026"], "adopted", 2),
        (ids["2027"], "drafted", 0),
    ]
    assert (listed[0]["status_label"]["zh"], listed[0]["adopted_by"]) == ("已发布", company.member("manager"))
    for query, years in (
        ({"year": "2027"}, ["2027"]),
        ({"status": "drafted"}, ["2027"]),
        ({"department": company.department}, ["2026"]),
        ({"person": company.member("head")}, ["2026"]),
        ({"person": company.member("other")}, []),
    ):
        found = (await company.read("head", "quality-goals", **query))["items"]
        assert [one["year"] for one in found] == years, query
    stranger = await api.member(await api.tenant(), "quality_department")
    await settle(api.desk.runtime, stranger.tenant)
    assert (await stranger.get("/v1/quality-goals")).json()["items"] == []


@pytest.mark.clause("R15.5.1.1")
async def test_goals_are_decomposed_adopted_measured_and_assessed(company: Company) -> None:
    """The quality department writes, the general manager puts into force, the department measures."""
    planned = await company.send("quality", "quality-goals", {"year": "2026"}, 201)
    path = f"quality-goals/{planned['id']}"
    assert planned["id"] == str(derived_id(company.admin.tenant, "quality_goal", "2026"))
    assert (await company.send("quality", "quality-goals", {"year": "2026"}, 409))["code"] == "already_exists"
    goal = {
        "indicator": "满意率",
        "unit": "%",
        "direction": "at_least",
        "target": "95",
        "every": "month",
        "weight": "60",
    }
    top = {**goal, "code": "c1", "person": company.member("manager")}
    mine = {"parent": "c1", "department_id": company.department, "department": "客服部", "process": "报修受理"}
    below = {**goal, **mine, "code": "d1", "person": company.member("head")}
    assert (await company.send("head", f"{path}/set-goal", {"goal": top}, 403))["code"] == "forbidden"
    assert (await company.send("quality", f"{path}/set-goal", {"goal": below}, 422))["field"] == "/goal/parent"
    await company.send("quality", f"{path}/set-goal", {"goal": top})
    assert (await company.send("manager", f"{path}/adopt-goals", {}, 409))["code"] == "goals_not_covered"
    await company.send("quality", f"{path}/set-goal", {"goal": below})
    assert (await company.send("quality", f"{path}/adopt-goals", {}, 403))["code"] == "forbidden"
    await company.send("manager", f"{path}/adopt-goals", {})
    await company.pass_to(4, 2)
    value = {"code": "d1", "period": "2026-03", "value": "96.5", "source": "回访记录"}
    assert (await company.send("other", f"{path}/record-measurement", value, 403))["code"] == "not_responsible"
    assert (await company.send("head", f"{path}/record-measurement", value))["achieved"] is True
    revised = {
        "code": "d1",
        "direction": "at_least",
        "target": "98",
        "person": company.member("head"),
        "reason": "加严",
    }
    await company.send("manager", f"{path}/revise-goal", revised)
    wrong = {**value, "value": "94", "reason": "误录"}
    assert (await company.send("head", f"{path}/correct-measurement", wrong))["achieved"] is False
    [above, found] = (await company.read("head", f"{path}/actuals"))["items"]
    assert (above["code"], above["actuals"]) == ("c1", [])
    assert (found["target"], found["actuals"]) == (
        "98",
        [{"period": "2026-03", "value": "94", "target": "95", "achieved": False}],
    )
    drawn = await company.people["head"].get(f"/v1/{path}/actuals.svg", params={"department": company.department})
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert (drawn.text.count("<rect"), drawn.text.count("#c0392b")) == (12, 1)
    asked = {"department_id": company.department, "period": "2026-03", "evaluation": "未达标"}
    await company.send("quality", f"{path}/assess-goals", asked)
    await printed(company, "goal_assessment", "QR-019-05", "94")


async def printed(company: Company, kind: str, *words: str) -> None:
    """The one paper of a kind prints as a page that holds these words, and as PDF."""
    [paper] = (await company.read("quality", "documents", kind=kind))["items"]
    page = await company.people["quality"].get(f"/v1/documents/{paper['document_id']}/html")
    assert page.status_code == 200, page.text
    assert all(word in page.text for word in words)
    pdf = await company.people["quality"].get(f"/v1/documents/{paper['document_id']}/pdf")
    assert pdf.content.startswith(b"%PDF-")


async def compiled(company: Company) -> str:
    """March's report, compiled in April from one sheet with a problem; its address."""
    sheet = {"day": "2026-03-02", "results": results("safety")}
    await company.send("head", f"{company.sheets('2026-03')}/file-sheet", sheet)
    await company.pass_to(4, 2)
    body = {"kind": "monthly", "period": "2026-03"}
    created = await company.people["quality"].post("/v1/quality-reports/compile", body)
    assert created.status_code == 201, created.text
    await settle(company.api.desk.runtime, company.admin.tenant)
    return f"quality-reports/{created.json()['id']}"


@pytest.mark.clause("R15.5.1.3.2", "R15.6")
async def test_a_report_is_compiled_from_facts_and_approved_by_another(company: Company) -> None:
    """Figures come from sheets, duties and nonconformities; returned once, approved, printed, and computed again."""
    path = await compiled(company)
    body = {"kind": "monthly", "period": "2026-03"}
    assert (await company.send("manager", "quality-reports/compile", body, 403))["code"] == "forbidden"
    unknown = await company.send("quality", "quality-reports/compile", {**body, "figures": []}, 422)
    assert unknown["status"] == 422
    early = await company.send("quality", "quality-reports/compile", {**body, "period": "2026-04"}, 422)
    assert early["code"] == "period_not_over"
    state = (await company.read("manager", path))["state"]
    [mine] = [one for one in state["figures"] if one["department"] == "客服部"]
    assert (mine["filed"], mine["percent"], mine["missed"], mine["issues_open"]) == (1, "80.00", 21, 1)
    assert state["due_on"] == "2026-04-08"
    assert (await company.send("quality", f"{path}/submit-report", {}, 409))["code"] == "report_incomplete"
    await company.send("quality", f"{path}/write-report", TEXT)
    measure = {"kind": "corrective", "department": "客服部", "action": "补充人手", "due_on": "2026-04-10"}
    await company.send("quality", f"{path}/add-measure", {**measure, "person": company.member("head")})
    await company.send("quality", f"{path}/submit-report", {})
    assert (await company.send("quality", f"{path}/approve-report", {}, 403))["code"] == "forbidden"
    await company.send("manager", f"{path}/return-report", {"reason": "原因不清"})
    assert (await company.send("manager", f"{path}/approve-report", {}, 409))["code"] == "wrong_status"
    await company.send("quality", f"{path}/submit-report", {})
    await company.send("manager", f"{path}/approve-report", {"remark": "同意"})
    again = await company.read("manager", f"{path}/figures")
    assert again["same"] is True
    assert again["compiled"] == state["figures"]
    assert (await company.send("quality", "quality-reports/compile", body, 409))["code"] == "wrong_status"
    await printed(company, "monthly_quality_report", "QR-019-03", "补充人手", "80.00")
    [listed] = (await company.read("head", "quality-reports", kind="monthly"))["items"]
    assert (listed["status"], listed["measures"], listed["late"]) == ("approved", 1, False)
    calendar = (await company.read("quality", "duties", role="quality_department"))["items"]
    assert "r15.report" not in {one["kind"] for one in calendar}, "the month's report has been submitted"


@pytest.mark.clause("R15.5.1.3.2")
async def test_measures_are_supervised(company: Company) -> None:
    """Overdue it goes up to both levels and is listed with its age; taken by its person, verified by another."""
    path = await compiled(company)
    await company.send("quality", f"{path}/write-report", TEXT)
    measure = {"kind": "corrective", "department": "客服部", "action": "补充人手", "due_on": "2026-04-10"}
    await company.send("quality", f"{path}/add-measure", {**measure, "person": company.member("head")})
    await company.send("quality", f"{path}/submit-report", {})
    await company.send("manager", f"{path}/approve-report", {})
    await company.pass_to(4, 20)
    [late] = (await company.read("manager", "reports/quality-measures"))["items"]
    assert (late["overdue"], late["level"], late["age_days"]) == (True, 2, 18)
    inbox = await company.read("manager", "inbox")
    assert any("逾期" in one["subject"]["zh"] for one in inbox["items"])
    done = {"number": 1, "note": "已招聘"}
    assert (await company.send("other", f"{path}/complete-measure", done, 403))["code"] == "not_responsible"
    assert (await company.send("head", f"{path}/complete-measure", done))["late"] is True
    seen = {"number": 1, "effective": True, "evaluation": "见效"}
    assert (await company.send("head", f"{path}/verify-measure", seen, 403))["code"] == "forbidden"
    await company.send("quality", f"{path}/verify-measure", seen)
    assert (await company.read("manager", "reports/quality-measures"))["items"] == []
    assert len((await company.read("manager", "reports/quality-measures", status="effective"))["items"]) == 1


@pytest.mark.clause("R15.5.1.3.3", "R15.6")
async def test_the_annual_report_counts_every_lapse(company: Company) -> None:
    """Sheets come from the approved monthly report, lapses from all duties; the paper has the grade."""
    path = await compiled(company)
    await company.send("quality", f"{path}/write-report", TEXT)
    measure = {"kind": "improvement", "department": "客服部", "action": "培训", "due_on": "2026-04-10"}
    await company.send("quality", f"{path}/add-measure", {**measure, "person": company.member("head")})
    await company.send("quality", f"{path}/submit-report", {})
    await company.send("manager", f"{path}/approve-report", {})
    await company.send("quality", f"service-departments/{company.department}/close-department", {"reason": "年内撤并"})
    await company.pass_to(1, 4, 2027)
    created = await company.people["quality"].post("/v1/quality-reports/compile", {"kind": "annual", "period": "2026"})
    assert created.status_code == 201, created.text
    await settle(company.api.desk.runtime, company.admin.tenant)
    path = f"quality-reports/{created.json()['id']}"
    state = (await company.read("manager", path))["state"]
    [mine] = [one for one in state["figures"] if one["department"] == "客服部"]
    assert (mine["reports"], mine["percent"], mine["missed"]) == (1, "80.00", 22)
    [appraisal] = [one for one in state["appraisals"] if one["department"] == "客服部"]
    assert [part["points"] for part in appraisal["parts"]] == [None, "16.00", "9.00"]
    assert (appraisal["lapses"], appraisal["points"], appraisal["grade"]) == (22, "62.50", "passing")
    await company.send("quality", f"{path}/write-report", TEXT)
    await company.send("quality", f"{path}/add-measure", {**measure, "due_on": "2027-02-01", "person": str(uuid4())})
    await company.send("quality", f"{path}/submit-report", {})
    await company.send("manager", f"{path}/approve-report", {})
    await printed(company, "annual_quality_report", "QR-019-04", "62.50", "合格")


@pytest.mark.clause("R15.6")
async def test_a_liaison_sheet_goes_to_another_department_and_back(company: Company) -> None:
    """Issued, answered late, returned, answered, closed and printed."""
    issue = {
        "from_department": "客服部",
        "to_department": "工程部",
        "addressee": company.member("other"),
        "subject": "漏水",
        "content": "请检修",
    }
    assert (await company.send("staff", "liaison-sheets", issue, 403))["code"] == "forbidden"
    same = {**issue, "to_department": "客服部"}
    assert (await company.send("head", "liaison-sheets", same, 422))["field"] == "/to_department"
    path = f"liaison-sheets/{(await company.send('head', 'liaison-sheets', issue, 201))['id']}"
    assert (await company.send("head", f"{path}/answer-liaison", {"answer": "好"}, 403))["code"] == "not_the_addressee"
    assert (await company.send("head", f"{path}/close-liaison", {}, 409))["code"] == "wrong_status"
    await company.pass_to(3, 9)
    [late] = (await company.read("other", "liaison-sheets", addressee=company.member("other")))["items"]
    assert (late["subject"], late["overdue"], late["answer_by"]) == ("漏水", True, "2026-03-05")
    assert (await company.send("other", f"{path}/answer-liaison", {"answer": "已派工"}))["late"] is True
    await company.send("head", f"{path}/return-answer", {"reason": "仍漏水"})
    await company.send("other", f"{path}/answer-liaison", {"answer": "已更换管件"})
    await company.send("head", f"{path}/close-liaison", {"evaluation": "已解决"})
    assert (await company.read("head", "liaison-sheets", status="issued"))["items"] == []
    await printed(company, "liaison_sheet", "QR-019-02", "已更换管件")


@pytest.mark.clause("R15.5.1.4")
async def test_an_award_is_applied_for_after_its_self_check(company: Company) -> None:
    """A problem blocks it until its correction is verified; then applied for, decided, filed."""
    aim = {"award": "优秀住宅小区", "level": "city", "year": "2026", "standard": "评比标准"}
    assert (await company.send("head", "award-applications", aim, 403))["code"] == "forbidden"
    assert (await company.send("quality", "award-applications", {**aim, "level": "moon"}, 422))["field"] == "/level"
    path = f"award-applications/{(await company.send('quality', 'award-applications', aim, 201))['id']}"
    problem = {"item": "cleaning", "conforms": False, "note": "积灰"}
    issue = (await company.send("quality", f"{path}/check-item", problem))["nonconformity_id"]
    for item in default_values().award_items:
        if item.code != "cleaning":
            await company.send("quality", f"{path}/check-item", {"item": item.code, "conforms": True})
    assert (await company.send("quality", f"{path}/complete-check", {"conclusion": "好"}, 409))[
        "code"
    ] == "problems_open"
    assert (await company.send("quality", f"{path}/submit-application", {"reference": "1"}, 409))[
        "code"
    ] == "wrong_status"
    [listed] = (await company.read("head", "award-applications", status="checking"))["items"]
    assert (listed["level_label"]["zh"], listed["checked"], listed["problems"]) == ("市级", listed["items"], 1)
    await company.send("quality", f"nonconformities/{issue}/correct-on-the-spot", {"note": "已清扫"})
    other = await company.api.member(company.admin, "quality_department")
    verified = await other.post(
        f"/v1/nonconformities/{issue}/verify-correction", {"effective": True, "evaluation": "整洁"}
    )
    assert verified.status_code == 200, verified.text
    await settle(company.api.desk.runtime, company.admin.tenant)
    for command, body in (
        ("complete-check", {"conclusion": "整改后符合"}),
        ("submit-application", {"reference": "申报-1"}),
        ("record-result", {"result": "awarded", "decided_on": "2026-03-02"}),
        ("file-application", {"reference": "档-1"}),
    ):
        await company.send("quality", f"{path}/{command}", body)
    assert (await company.read("head", path))["state"]["status"] == "filed"
    [listed] = (await company.read("head", "award-applications"))["items"]
    assert (listed["status"], listed["problems"], listed["result"]) == ("filed", 0, "awarded")


async def test_another_organisation_sees_nothing_of_it(company: Company, api: Api) -> None:
    """Its lists are empty, and the ids of another's nouns are ids that do not exist."""
    path = await compiled(company)
    stranger = await api.member(await api.tenant(), "quality_department", "general_manager", "department")
    await settle(api.desk.runtime, stranger.tenant)
    for address in (
        *("reports/quality-sheets", "quality-reports", "reports/quality-measures", "liaison-sheets"),
        *("award-applications", "service-departments"),
    ):
        assert (await stranger.get(f"/v1/{address}")).json()["items"] == [], address
    for address in (
        path,
        f"{path}/figures",
        company.sheets("2026-03"),
        f"service-departments/{company.department}",
        f"quality-goals/{uuid4()}/actuals",
    ):
        problem_of(await stranger.get(f"/v1/{address}"), 404, "not_found")
    problem_of(await stranger.post(f"/v1/{path}/approve-report", {}), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("reports/quality-sheets", {"month": "2026-13"}, "/month"),
        ("quality-reports", {"kind": "weekly"}, "/kind"),
        ("quality-goals", {"year": "26"}, "/year"),
        ("quality-goals", {"department": "x"}, "/department"),
        ("reports/quality-measures", {"status": "gone"}, "/status"),
        ("reports/quality-sheets", {"department": "x"}, "/department"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(company: Company, path: str, query: dict, field: str) -> None:
    """400 with the parameter that does not fit."""
    answer = await company.people["quality"].get(f"/v1/{path}", params=query)
    assert problem_of(answer, 400, "bad_parameter")["field"] == field
