"""Importing findings and ballots over HTTP: all or nothing, nothing twice, and every error said."""

import asyncio
from datetime import date, datetime
from decimal import Decimal

import pytest

from domain.assessment import ASSESSMENT
from domain.assessment.commands import CastBallot, RecordFinding
from domain.kernel import Refusal
from services.runtime.commands import CommandRequest
from services.runtime.principal import Forbidden
from services.runtime.tokens import parse
from tests.services.conftest import Api
from tests.services.crowd import another_process, problem_of
from tests.services.imports_given import (
    BALLOTS,
    FINDINGS,
    XLSX,
    OpenMonth,
    ballot,
    csv_of,
    finding,
    open_month,
    xlsx_of,
)


@pytest.fixture
async def month(anyio_backend: object, api: Api) -> OpenMonth:
    """An open month."""
    return await open_month(api)


@pytest.mark.clause("R14.1")
async def test_findings_from_csv(month: OpenMonth) -> None:
    """Every row becomes a finding, a minor one is ordered to be corrected, and the answer counts them."""
    content = csv_of(FINDINGS, finding("J-1"), finding("J-2", minor="是"), finding("", count=3))

    answer = await month.send("findings", content)

    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert {name: report[name] for name in ("rows", "new", "added", "skipped", "ignored", "error_count")} == {
        "rows": 3,
        "new": 3,
        "added": 3,
        "skipped": 0,
        "ignored": 0,
        "error_count": 0,
    }
    view = await month.state()
    assert answer.headers["etag"] == f'"{view["version"]}"' == f'"{report["version"]}"'
    findings = sorted(view["state"]["findings"].values(), key=lambda one: one["ref"])
    assert [one["count"] for one in findings] == [2, 2, 3]
    assert [one["correction"] for one in findings] == ["none", "due", "none"]
    assert [one["ref"] for one in findings[:2]] == ["J-1", "J-2"]
    assert findings[2]["ref"].startswith("row-")


@pytest.mark.clause("R14.2.2")
async def test_ballots_from_xlsx(month: OpenMonth) -> None:
    """Numbers, dates and text of a workbook become ballots, in whatever order the columns stand."""
    content = xlsx_of(
        ("Score", "Cast on", "Group", "Ballot reference"),
        (88.5, date(2026, 3, 9), "staff", "A-1"),
        (100, datetime(2026, 3, 10, 14, 30), "学生", 17),  # noqa: DTZ001 - a workbook knows no zones
        (Decimal("72.25"), None, "students", "A-3"),
    )

    answer = await month.send("ballots", content, XLSX)

    assert answer.json()["added"] == 3, answer.text
    ballots = (await month.state())["state"]["ballots"].values()
    assert sorted((one["ref"], one["group"], one["score"]) for one in ballots) == [
        ("17", "students", "100"),
        ("A-1", "staff", "88.5"),
        ("A-3", "students", "72.25"),
    ]


async def test_an_import_is_one_recording(month: OpenMonth) -> None:
    """All events of a file stand together in the tenant's order, made by one command of the importing member."""
    await month.send("ballots", csv_of(BALLOTS, ballot("A-1"), ballot("A-2"), ballot("A-3")))

    history = (await month.assessor.get(f"{month.path}/history")).json()["items"]

    imported = [entry for entry in history if entry["type"] == "assessment.ballot_cast"]
    assert len({entry["command_id"] for entry in imported}) == 1
    assert {entry["actor_id"] for entry in imported} == {str(month.assessor.member)}
    assert imported[2]["position"] - imported[0]["position"] == 2
    assert len({entry["event"]["ballot_id"] for entry in imported}) == 3


async def test_a_dry_run_adds_nothing(month: OpenMonth) -> None:
    """A dry run says what would be added and leaves the assessment as it is."""
    before = await month.state()

    answer = await month.send("findings", csv_of(FINDINGS, finding("J-1")), query="?dry_run=true")

    assert answer.status_code == 200
    report = answer.json()
    assert (report["dry_run"], report["new"], report["added"]) == (True, 1, 0)
    assert await month.state() == before


async def test_a_dry_run_lists_errors_and_a_real_run_refuses_them(month: OpenMonth) -> None:
    """Both name the same errors; the real run is 422 and adds not even the good rows."""
    content = csv_of(FINDINGS, finding("J-1"), finding("J-2", item="nowhere.at_all"))
    before = await month.state()

    dry = await month.send("findings", content, query="?dry_run=true")
    problem = problem_of(await month.send("findings", content), 422, "import_has_errors")

    assert dry.status_code == 200
    assert dry.json()["errors"] == problem["details"]["errors"]
    assert (dry.json()["new"], dry.json()["error_count"], problem["details"]["added"]) == (1, 1, 0)
    assert await month.state() == before


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (finding("J", item="no.such"), ("细目编码", "item_unknown", "考核细目中没有这一项", "R14.1", "no.such")),
        (
            finding("J", day="2026-04-01"),
            ("检查日期", "outside_month", "日期不在2026-03内", "R14.2.1", "2026-04-01"),
        ),
        (finding("J", day="2026-03-31"), ("检查日期", "in_the_future", "日期尚未到来", None, "2026-03-31")),
    ],
)
async def test_what_the_rules_refuse_of_a_finding(month: OpenMonth, row, error) -> None:
    """The refusal of a row names its column in the file and the clause."""
    answer = await month.send("findings", csv_of(FINDINGS, finding("ok"), row), query="?dry_run=true")

    [found] = answer.json()["errors"]
    assert found["row"] == 3
    assert tuple(found[name] for name in ("column", "code", "zh", "clause", "value")) == error


@pytest.mark.clause("R14.2.2", "R14.3")
async def test_what_the_rules_refuse_of_a_ballot(month: OpenMonth) -> None:
    """A score beyond the full score and a day before the month are each refused at their place."""
    content = csv_of(BALLOTS, ballot("A", score="100.5"), ballot("B", day="2026-02-28"), ballot("C"))

    report = (await month.send("ballots", content, query="?dry_run=true")).json()

    assert [(e["row"], e["column"], e["code"], e["value"]) for e in report["errors"]] == [
        (2, "评分", "score_out_of_range", "100.5"),
        (3, "填写日期", "outside_month", "2026-02-28"),
    ]
    assert report["new"] == 1


@pytest.mark.parametrize(
    ("query", "headers", "message"),
    [
        ("?dry_run=true", {}, "应为数字"),
        ("?dry_run=true", {"Accept-Language": "fr, en-GB;q=0.8, zh;q=0.5"}, "This must be a number."),
        ("?dry_run=true&lang=zh", {"Accept-Language": "en"}, "应为数字"),
        ("?dry_run=true&lang=en", {}, "This must be a number."),
    ],
)
async def test_errors_speak_the_readers_language(month: OpenMonth, query, headers, message) -> None:
    """The query, else the browser's language, chooses the message; both languages are always there."""
    answer = await month.send("ballots", csv_of(BALLOTS, ballot("A", score="好")), query=query, **headers)

    [error] = answer.json()["errors"]
    assert error["message"] == message
    assert (error["zh"], error["en"]) == ("应为数字", "This must be a number.")


async def test_the_same_file_again_adds_nothing(month: OpenMonth) -> None:
    """Rows with references, without, and equal rows without are all known again."""
    rows = (finding("J-1", minor="是"), finding(), finding(), finding(count=5))
    await month.send("findings", csv_of(FINDINGS, *rows))
    before = await month.state()

    again = await month.send("findings", csv_of(FINDINGS, *rows))

    report = again.json()
    assert (again.status_code, report["added"], report["skipped"], report["error_count"]) == (200, 0, 4, 0)
    assert await month.state() == before


async def test_a_longer_file_adds_what_is_new(month: OpenMonth) -> None:
    """A file that repeats imported rows among new ones, in another format, adds the new ones alone."""
    await month.send("findings", csv_of(FINDINGS, finding("J-1"), finding()))

    answer = await month.send("findings", xlsx_of(FINDINGS, finding("J-2"), finding(), finding(), finding("J-1")), XLSX)

    report = answer.json()
    assert (report["added"], report["skipped"]) == (2, 2), answer.text
    assert len((await month.state())["state"]["findings"]) == 4


async def test_a_reference_with_other_content_is_an_error(month: OpenMonth) -> None:
    """What was imported is not changed by importing it again with another value; the row and column say so."""
    await month.send("findings", csv_of(FINDINGS, finding("J-1")))
    await month.send("ballots", csv_of(BALLOTS, ballot("A-1", score=90)))

    findings = await month.send("findings", csv_of(FINDINGS, finding("J-1", note="别的")), query="?dry_run=true")
    ballots = await month.send("ballots", csv_of(BALLOTS, ballot("A-1", score=91)), query="?dry_run=true&lang=en")

    [error] = findings.json()["errors"]
    assert (error["row"], error["column"], error["code"], error["value"]) == (2, "说明", "reference_taken", "别的")
    [error] = ballots.json()["errors"]
    assert (error["row"], error["column"], error["code"]) == (2, "评分", "reference_taken")
    assert error["message"] == "A-1 is entered already with another value for Score."


async def test_a_ballot_without_a_day_is_known_again(month: OpenMonth) -> None:
    """The day that an empty cell stood for does not make the same ballot another one later."""
    content = csv_of(BALLOTS, ballot("A-1", day=""))
    await month.send("ballots", content)
    month.api.clock.forward(hours=11)

    again = await month.send("ballots", content)

    assert (again.json()["skipped"], again.json()["error_count"]) == (1, 0)


async def test_a_struck_finding_does_not_come_back(month: OpenMonth) -> None:
    """A finding that was overturned is known, not added anew."""
    content = csv_of(FINDINGS, finding("J-1"))
    await month.send("findings", content)
    [finding_id] = (await month.state())["state"]["findings"]
    leader = await month.api.member(month.admin, "leader")
    struck = await leader.post(f"{month.path}/overturn-finding", {"finding_id": finding_id, "reason": "误记"})
    assert struck.status_code == 200, struck.text

    again = await month.send("findings", content)

    assert (again.json()["skipped"], again.json()["added"]) == (1, 0)


async def test_an_idempotency_key_is_honoured(month: OpenMonth) -> None:
    """The same request under its key is answered as it was; another file under it is refused."""
    content = csv_of(FINDINGS, finding("J-1"))
    first = await month.send("findings", content, Idempotency_Key="k-1")

    again = await month.send("findings", content, Idempotency_Key="k-1")
    other = await month.send("findings", csv_of(FINDINGS, finding("J-2")), Idempotency_Key="k-1")

    assert again.json() == first.json()
    assert again.json()["added"] == 1
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["kaohe-position"] == first.headers["kaohe-position"]
    problem_of(other, 422, "idempotency_key_reused")


async def test_two_imports_at_once_count_once(month: OpenMonth) -> None:
    """The same file sent by two processes at the same time is added by one and known to the other."""
    content = csv_of(BALLOTS, *(ballot(f"A-{n}") for n in range(50)))
    async with another_process(month.api) as other:
        there = OpenMonth(other, month.admin, month.assessor, month.assessment)
        there.assessor = type(month.assessor)(
            other.http, month.admin.tenant, month.admin.slug, month.assessor.token, month.assessor.member
        )

        answers = await asyncio.gather(month.send("ballots", content), there.send("ballots", content))

    assert sorted(answer.json()["added"] for answer in answers) == [0, 50]
    assert sorted(answer.json()["skipped"] for answer in answers) == [0, 50]
    assert len((await month.state())["state"]["ballots"]) == 50


async def test_a_tenant_has_two_files_at_a_time(month: OpenMonth) -> None:
    """One more is told to try again, so that no tenant fills the memory of a process with files."""
    files = [csv_of(BALLOTS, ballot(f"A-{n}")) for n in range(3)]

    answers = await asyncio.gather(*(month.send("ballots", content) for content in files))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 429]


async def test_commands_together_are_all_or_none(month: OpenMonth) -> None:
    """Where a later one of several commands is refused, or not permitted, nothing of the earlier ones stays."""
    runtime = month.api.desk.runtime
    token = parse((await month.api.member(month.admin, "department")).token)
    assert token is not None
    good = RecordFinding(item_code="hygiene.corridors", found_on=date(2026, 3, 9), department="后勤", finding_ref="J-1")
    ballot_of_nobody = CastBallot(group="staff", score=Decimal(90))

    for later, refusal in ((good, Refusal), (ballot_of_nobody, Forbidden)):
        request = CommandRequest(
            tenant=month.admin.tenant,
            decider=ASSESSMENT,
            stream=month.assessment,
            command=good,
            then=(later,),
            authorise=runtime.authority.authorise(token),
        )
        with pytest.raises(refusal):
            await runtime.bus.execute(request)

    assert (await month.state())["version"] == 1


async def test_if_match_names_the_version_seen(month: OpenMonth) -> None:
    """An assessment that moved on since is not imported into under If-Match."""
    answer = await month.send("findings", csv_of(FINDINGS, finding("J-1")), If_Match='"9"')

    assert problem_of(answer, 412, "version_mismatch")


@pytest.mark.clause("R14.3")
async def test_a_closed_survey_is_one_error(month: OpenMonth) -> None:
    """Where the month as such refuses every row alike, the file has one error, not one a row."""
    closed = await month.assessor.post(f"{month.path}/close-survey", {"reason": "票已收齐"})
    assert closed.status_code == 200, closed.text

    rows = [ballot(f"A-{n}", day="") for n in range(3)]
    problem = problem_of(await month.send("ballots", csv_of(BALLOTS, *rows)), 422)

    [error] = problem["details"]["errors"]
    assert (error["row"], error["code"], error["clause"]) == (None, "survey_closed", "R14.3")


async def test_at_most_five_hundred_errors_are_listed(month: OpenMonth) -> None:
    """All errors are counted, the first are listed."""
    content = csv_of(FINDINGS, *(finding(f"J-{n}", count=0) for n in range(600)))

    problem = problem_of(await month.send("findings", content), 422, "import_has_errors")

    assert problem["details"]["error_count"] == 600
    assert len(problem["details"]["errors"]) == 500
    assert problem["detail"] == "文件有 600 处错误，未导入任何内容"


async def test_five_thousand_rows_at_once(month: OpenMonth) -> None:
    """The most rows that a file may have are imported in one request."""
    content = csv_of(BALLOTS, *(ballot(f"A-{n}", score=n % 101) for n in range(5_000)))

    answer = await month.send("ballots", content)

    assert answer.json()["added"] == 5_000, answer.text
    assert (await month.state())["version"] == 5_001
