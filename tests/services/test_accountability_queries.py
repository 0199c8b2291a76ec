"""The board of accountability cases over HTTP: where each stands, what is due when, whose appraisal is bound (R4)."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from services.settings import Settings
from tests.services.accountability_given import CASES, College, college_of, done, verdict
from tests.services.conftest import Api
from tests.services.crowd import problem_of

LIMITS = "/v1/reports/accountability-limits"
EFFECTS = "/v1/reports/appraisal-effects"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 1000)


@pytest.fixture
async def college(api: Api) -> College:
    """A college that works under the shipped rules."""
    return await college_of(api)


async def items(college: College, path: str, **query: str) -> list[dict[str, object]]:
    """A list as the personnel department reads it, once everything by now is folded."""
    await college.settle()
    found: list[dict[str, object]] = done(await college["personnel"].get(path, params=query))["items"]
    return found


@pytest.mark.clause("R4.14")
async def test_the_board_shows_where_each_case_stands_and_what_is_due(college: College) -> None:
    """In the order of report, narrowed by status, stage and lateness; labels in two languages."""
    reported, heard = await college.reported(), await college.heard()
    board = await items(college, CASES)

    assert [each["case_id"] for each in board] == [reported, heard]
    assert [(each["status"], each["stages"], each["overdue"]) for each in board] == [
        ("reported", ["verification"], 0),
        ("heard", ["resolution"], 0),
    ]
    assert board[0]["due_on"] == "2026-03-09"
    assert board[0]["source_label"] == {"zh": "师生、组织或个人投诉举报", "en": "Complaint or report by anybody"}
    assert [each["case_id"] for each in await items(college, CASES, status="heard")] == [heard]
    assert [each["case_id"] for each in await items(college, CASES, stage="verification")] == [reported]
    assert await items(college, CASES, overdue="true") == []
    college.api.clock.now = datetime(2026, 3, 9, 16, tzinfo=UTC)
    [late] = await items(college, CASES, overdue="true")
    assert (late["case_id"], late["overdue"]) == (reported, 1)


@pytest.mark.clause("R4.14", "R4.16")
async def test_what_is_due_when_is_told_across_all_cases(college: College) -> None:
    """What is due first at the top; own limits marked; the ladder's level; narrowed by stage, role and day."""
    await college.reported()
    await college.investigating()
    due = await items(college, LIMITS)

    assert [(each["stage"], each["due_on"], each["own"], each["role"]) for each in due] == [
        ("verification", "2026-03-09", True, "accountability_office"),
        ("investigation", "2026-03-30", False, "investigator"),
    ]
    for query in ({"stage": "investigation"}, {"role": "investigator"}, {"from": "2026-03-10"}):
        assert await items(college, LIMITS, **query) == due[1:]
    assert await items(college, LIMITS, to="2026-03-09") == due[:1]
    college.api.clock.now = datetime(2026, 3, 10, 1, tzinfo=UTC)
    [first, _] = await items(college, LIMITS)
    assert (first["overdue"], first["level"]) == (True, 1)


@pytest.mark.clause("R4.8", "R4.22")
async def test_a_month_and_a_year_show_what_binds_them(college: College) -> None:
    """Two cases bind one month, the graver counts; revoked, the other does; the unit's year is bound beside it."""
    grave = await college.served("serious", ("suspension_or_transfer",))
    await college.served("minor", ("talk",))
    unit = await college.heard(respondents=[college.unit()])
    key = await college.respondent(unit, "后勤处")
    await college.done("secretary", unit, "resolve", **college.resolution(verdict(key, "minor", "talk")))
    await college.done("office", unit, "serve-decision", **college.service(key))
    [year, month] = await items(college, EFFECTS)

    assert (year["subject_kind"], year["subject"], year["period"], year["effect"]) == (
        "unit",
        "logistics",
        "2026",
        "not_excellent",
    )
    assert (month["subject"], month["period"], month["effect"]) == (college.id("clerk"), "2026-03", "not_competent")
    person = {"person": college.id("clerk"), "month": "2026-03"}
    assert await items(college, EFFECTS, **person) == [month]
    assert await items(college, EFFECTS, unit="logistics", year="2026", standing="true") == [year]
    accused = await college.respondent(grave)
    await college.done("clerk", grave, "request-review", respondent_id=accused, reasons="不服")
    revoke = {"respondent_id": accused, "outcome": "revoked", "reason": "证据不足"}
    await college.done("group", grave, "decide-review", **revoke)
    [month] = await items(college, EFFECTS, **person)
    assert (month["effect"], month["effect_label"]) == ("not_excellent", {"zh": "不得评为优秀", "en": "not excellent"})
    entries = month["entries"]
    assert isinstance(entries, list)
    assert [(each["effect"], each["reversal_reason"]) for each in entries] == [
        ("not_competent", "证据不足"),
        ("not_excellent", None),
    ]


async def test_lists_come_in_pages_that_add_up(college: College) -> None:
    """Page by page nothing is lost and nothing twice; a cursor of another list is refused."""
    for _ in range(5):
        await college.served()
        college.api.clock.forward(days=1)
    for path in (CASES, LIMITS, EFFECTS):
        whole = await items(college, path)
        pages, cursor = [], None
        while True:
            query = {"limit": "2"} | ({} if cursor is None else {"cursor": cursor})
            page = done(await college["personnel"].get(path, params=query))
            pages += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        assert pages == whole, path
        assert whole, path
    foreign = done(await college["personnel"].get(CASES, params={"limit": "1"}))["next"]
    problem_of(await college["personnel"].get(LIMITS, params={"cursor": foreign}), 400)


async def test_bad_questions_and_people_without_a_part_are_refused(college: College) -> None:
    """Unknown words name their parameter; whoever handles no cases sees no list."""
    for path, query in (
        (CASES, {"status": "lost"}),
        (CASES, {"stage": "lunch"}),
        (CASES, {"overdue": "maybe"}),
        (LIMITS, {"role": "emperor"}),
        (LIMITS, {"from": "2026-02-30"}),
        (EFFECTS, {"month": "2026-13"}),
        (EFFECTS, {"unit": "x" * 61}),
        (EFFECTS, {"unit": "a\x00"}),
        (EFFECTS, {"person": "nobody"}),
    ):
        problem = problem_of(await college["personnel"].get(path, params=query), 400, "bad_parameter")
        assert problem["field"] == f"/{next(iter(query))}"
    for path in (CASES, LIMITS, EFFECTS):
        problem_of(await college["personnel"].get(path, params={"shape": "round"}), 400, "unknown_parameter")
        for who in ("reporter", "clerk", "outsider", "admin"):
            problem_of(await college[who].get(path), 403, "forbidden")


async def test_another_college_sees_none_of_it(college: College) -> None:
    """Lists beside a college that has everything are empty, whatever is asked for."""
    case = await college.served()
    await college.reported()
    await college.settle()
    other = await college_of(college.api)
    for path, query in (
        (CASES, {}),
        (LIMITS, {}),
        (EFFECTS, {}),
        (EFFECTS, {"person": college.id("clerk")}),
        (EFFECTS, {"month": "2026-03"}),
    ):
        assert await items(college, path, **query)
        answer = await other["personnel"].get(path, params=query)
        assert done(answer)["items"] == []
        assert case not in answer.text


async def test_a_year_later_nothing_is_forgotten(college: College) -> None:
    """A closed case stays on the board with no limit left."""
    case = await college.reported()
    await college.done("office", case, "record-verification", founded=False, findings="查无此事")
    college.api.clock.now += timedelta(days=365)
    [closed] = await items(college, CASES)
    assert (closed["status"], closed["stages"], closed["due_on"]) == ("dismissed", [], None)
