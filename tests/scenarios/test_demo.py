"""The demonstration year: what it comes to, who did it, and that loading it twice or in two goes is loading it once."""

import asyncio
import filecmp
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner

from domain.assessment import AssessmentState
from domain.catalogue import DECIDERS
from domain.kernel import derived_id
from domain.property_project import PropertyProjectState
from infra.wire import Metadata, StoredRow
from services.anonymous.door import Door
from services.cli import cli
from services.demo import bulk
from services.demo.credentials import keep
from services.demo.load import load
from services.demo.plan import matter_id, project_id
from services.demo.story import DATA, organisations
from services.runtime.accounts import Accounts
from services.runtime.principal import Unauthenticated
from services.runtime.runtime import open_runtime
from services.runtime.tokens import RECEIPT_PREFIX, text_of
from services.settings import to_environment
from tests.conftest import Addresses, TestDatabase
from tests.scenarios.demo_year import Loaded, every_row, load_year, quiet, receipts_of, settings_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
STORY = organisations()[:3]
"""The property company has a module of its own."""
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((DATA / "expected.toml").read_text("utf-8"))
PROJECTS = [(slug, code) for slug, projects in EXPECTED.items() for code in projects]
ROUTINE = {"registered", "roster_replaced", "month_opened", "representatives_drawn", "month_recorded"}


MATTERS: dict[tuple[str, str], tuple[str, int, tuple[str, ...]]] = {
    ("shifan", "complaint:hotwater"): ("已办结", 0, ()),
    ("shifan", "complaint:leak"): ("已办结", 20_000, ("当日未解决也未告知",)),
    ("shifan", "complaint:materials"): ("不成立", 0, ()),
    ("shifan", "accountability_case:of:materials"): ("已结案", 0, ("高飞：书面检查并限期整改", "复核变更")),
    ("jiangcheng", "complaint:lamps"): ("已办结", 0, ()),
    ("jiangcheng", "complaint:lift"): ("已办结", 20_000, ("超过约定日期",)),
    ("jiangcheng", "complaint:canteen"): ("不成立", 0, ()),
    ("jiangcheng", "accountability_case:of:canteen"): (
        "已结案",
        0,
        ("孔德：无", "复核撤销", "食堂管理科：诫勉谈话"),
    ),
}
"""What becomes of each complaint and case: its status, what all are fined together, and what came of it."""


@pytest.fixture(scope="module")
def loaded(
    module_database: TestDatabase, servers: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The year, loaded once for this module."""
    return asyncio.run(load_year(settings_of(module_database, servers), tmp_path_factory.mktemp("demo"), STORY))


def told(row: StoredRow) -> tuple[str, str, dict[str, Any]]:
    """An event's local date, its kind without the noun, and its fields."""
    day = row.recorded_at.astimezone(SHANGHAI).date().isoformat()
    return day, row.topic.partition(".")[2], msgspec.json.decode(row.state)


def rows_of(loaded: Loaded, slug: str, stream: UUID) -> list[StoredRow]:
    """The events of one stream."""
    return [row for row in loaded.rows[slug] if row.originator_id == stream]


@pytest.mark.clause("R14.2.1", "R14.2.3", "R14.2.4", "R14.5.1")
@pytest.mark.parametrize(("slug", "code"), PROJECTS)
def test_scores_bands_vetoes_and_streaks_are_those_worked_out_by_hand(loaded: Loaded, slug: str, code: str):
    """Every month's scorecard in force, and the streak after it, is what the rules give on paper."""
    found = loaded.reports[slug, code]
    rows = {month.month: {"score": month.score, "band": month.band, "streak": month.streak} for month in found.months}
    expected = EXPECTED[slug][code]["months"]
    assert rows == {
        month: {name: values[name] for name in ("score", "band", "streak")} for month, values in expected.items()
    }
    states = {month.month: found.project.months[month.month].result for month in found.months}
    assert {month: result.revision for month, result in states.items() if result} == {
        month: values.get("revision", 1) for month, values in expected.items()
    }
    assert found.project.status == EXPECTED[slug][code]["status"]


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize(("slug", "code"), PROJECTS)
def test_vetoes_rest_on_the_grounds_of_the_story(loaded: Loaded, slug: str, code: str):
    """A month is vetoed on exactly the grounds that its incidents and ballots give."""
    stream = loaded.reports[slug, code].project_id
    for month, values in EXPECTED[slug][code]["months"].items():
        cards = [
            msgspec.json.decode(row.state)["scorecard"]
            for row in rows_of(loaded, slug, derived_id(stream, "assessment", month))
            if row.topic in ("assessment.closed", "assessment.reassessed")
        ]
        assert [veto["ground"] for veto in cards[-1]["vetoes"]] == values.get("vetoes", []), month


@pytest.mark.clause("R14.5.1", "R14.5.2")
@pytest.mark.parametrize(("slug", "code"), PROJECTS)
def test_the_deposit_statement_is_the_one_worked_out_by_hand(loaded: Loaded, slug: str, code: str):
    """Each entry stands on its day with its month, effect and balance; effects add up to the balance."""
    expected, stream = EXPECTED[slug][code], loaded.reports[slug, code].deposit_id
    lines = [told(row) for row in rows_of(loaded, slug, stream)]
    entries = [
        [day, kind, fields.get("month") or "", fields["effect_fen"], fields["balance_after_fen"]]
        for day, kind, fields in lines
        if "effect_fen" in fields
    ]
    assert entries == expected["entries"]
    assert sum(entry[3] for entry in entries) == expected["balance"] == loaded.reports[slug, code].deposit.balance_fen
    amounts = ("amount_fen", "remaining_fen", "by_fen")
    memos = [
        [day, kind, fields["demand_id"][:7], next(fields[name] for name in amounts if name in fields)]
        for day, kind, fields in lines
        if "demand_id" in fields
    ]
    assert memos == expected["memos"]


@pytest.mark.clause("R14.5.1", "R14.5.2")
@pytest.mark.parametrize(("slug", "code"), PROJECTS)
def test_what_the_months_led_to_happened_on_its_day(loaded: Loaded, slug: str, code: str):
    """Corrections, priority, the right to terminate, its use, and what a re-assessment took back."""
    stream = loaded.reports[slug, code].project_id
    events = [
        [day, kind, fields.get("month", "")]
        for day, kind, fields in map(told, rows_of(loaded, slug, stream))
        if kind not in ROUTINE
    ]
    assert events == EXPECTED[slug][code]["events"]


@pytest.mark.clause("R14.3")
def test_every_survey_was_closed_by_its_deadline(loaded: Loaded):
    """The survey of each month lapsed as the next month began, by the deadline and not by a person."""
    for slug, rows in loaded.rows.items():
        closed = [row for row in rows if row.topic == "assessment.survey_closed"]
        assert len(closed) == sum(len(EXPECTED[slug][code]["months"]) for code in EXPECTED.get(slug, {}))
        for row in closed:
            at = row.recorded_at.astimezone(SHANGHAI)
            assert (at.day, at.hour, at.minute) == (1, 0, 0)
            assert msgspec.json.decode(row.metadata, type=Metadata).causation == "deadline:survey"


@pytest.mark.clause("R11.2.1", "R11.2.2", "R4.14", "R4.18")
@pytest.mark.parametrize(("slug", "on"), MATTERS)
def test_complaints_and_cases_end_as_the_story_says(loaded: Loaded, slug: str, on: str):
    """Settled the same day, fined when late, and an anonymous complaint that became a case and was reviewed."""
    status, fined_fen, outcome = MATTERS[slug, on]
    noun, _, name = on.partition(":")

    line = loaded.matters[matter_id(loaded.tenants[slug], noun, name, receipts_of(loaded.kept, slug))]

    assert (line.status.zh, line.fined_fen, tuple(text.zh for text in line.outcome)) == (status, fined_fen, outcome)


@pytest.mark.clause("R4.8", "R4.22")
def test_a_review_takes_effects_back_in_the_ledger(loaded: Loaded):
    """What was served in one month and changed or revoked in the next stands reversed beside what replaces it."""
    for slug, stands, gone in (
        ("shifan", ["self_criticism", "not_excellent"], ["circulated", "basically_competent"]),
        ("jiangcheng", ["talk", "not_excellent"], ["self_criticism", "not_excellent"]),
    ):
        issued: dict[str, str] = {}
        reversed_keys = set()
        for row in loaded.rows[slug]:
            fields = msgspec.json.decode(row.state)
            if row.topic == "penalty_ledger.entry_issued" and fields["kind"] != "fine":
                issued[fields["entry_key"]] = fields["form"] or fields["effect"]
            elif row.topic == "penalty_ledger.entry_reversed":
                reversed_keys.add(fields["entry_key"])
        assert sorted(issued[key] for key in reversed_keys) == sorted(gone)
        assert sorted(what for key, what in issued.items() if key not in reversed_keys) == sorted(stands)


@pytest.mark.clause("R4.22")
def test_replay_prints_a_cases_history(loaded: Loaded, monkeypatch: pytest.MonkeyPatch):
    """The command of the printed page: who did what, in which role, under which clause, and what changed."""
    for name, value in to_environment(loaded.settings).items():
        monkeypatch.setenv(name, value)
    receipts = receipts_of(loaded.kept, "shifan")
    case = matter_id(loaded.tenants["shifan"], "accountability_case", "of:materials", receipts)

    printed = CliRunner().invoke(cli, ["replay", f"accountability_case:{case}", "--tenant", "shifan"])

    assert printed.exit_code == 0, printed.output
    for words in ("毛青", "leading_group", "R4.18", "accountability_case.review_decided", '"decided" → "served"'):
        assert words in printed.output


async def test_a_receipt_of_the_demonstration_opens_its_conversation(anyio_backend: object, loaded: Loaded):
    """Whoever reported reads what the office answered, with the kept receipt alone."""
    secret = loaded.kept.credentials.receipts("shifan")["materials"]
    text = text_of(RECEIPT_PREFIX, [loaded.tenants["shifan"]], secret)
    story_is_over = datetime(2026, 3, 31, tzinfo=SHANGHAI)
    async with open_runtime(loaded.settings, lambda: story_is_over) as runtime:
        opened = await Door(lambda: runtime).open(text)

    assert opened.case_id is not None
    assert any("材料已收到" in row.state.decode() for row in opened.case_rows)


def test_members_act_and_the_system_only_follows(loaded: Loaded):
    """Everything is done by a member with the permission, or caused by a reaction or a deadline."""
    members = {
        f"{decider.noun}.{spec.name}" for decider in DECIDERS for spec in decider.commands if spec.audience == "member"
    }
    public = {
        f"{decider.noun}.{spec.name}" for decider in DECIDERS for spec in decider.commands if spec.audience == "public"
    }
    for rows in loaded.rows.values():
        for row in rows:
            known = msgspec.json.decode(row.metadata, type=Metadata)
            if known.command in members and known.causation is None:
                assert (known.actor_kind, bool(known.roles), bool(known.actor_name)) == ("member", True, True)
            elif known.command in public:
                assert (known.actor_id, known.actor_name, known.roles) == (None, "", ())
            else:
                assert known.actor_kind == "operator" or known.causation is not None


def test_time_only_moves_forward_in_a_tenant(loaded: Loaded):
    """Position order is the order of recording; of what reporters without an account did the day alone is kept."""
    for rows in loaded.rows.values():
        instants = [row.recorded_at.astimezone(SHANGHAI) for row in rows]
        days = [instant.date() for instant in instants]
        told_by_the_clock = [instant for instant in instants if instant.time() != time.min]
        assert days == sorted(days)
        assert told_by_the_clock == sorted(told_by_the_clock)
        assert len(told_by_the_clock) > 0.9 * len(instants)
        assert instants[-1] < datetime(2026, 4, 1, tzinfo=SHANGHAI)


async def test_the_finding_was_in_force_before_it_was_overturned(anyio_backend: object, loaded: Loaded):
    """As of the day before, September stood failed and the correction ordered; today it does not."""
    tenant, stream = loaded.tenants["shifan"], project_id(loaded.tenants["shifan"], STORY[0].projects[0])
    async with open_runtime(loaded.settings) as runtime:
        overturned = datetime(2025, 11, 12, 16, 0, tzinfo=SHANGHAI)
        async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
            states = runtime.states
            before = await states.read_as_of(
                connection, tenant, "property_project", stream, overturned - timedelta(seconds=1)
            )
            after = await states.read_as_of(connection, tenant, "property_project", stream, overturned)
    assert isinstance(before.state, PropertyProjectState)
    assert isinstance(after.state, PropertyProjectState)
    assert (before.state.streak, list(before.state.corrections)) == (2, ["2025-10"])
    assert (after.state.streak, list(after.state.corrections)) == (1, [])


async def test_a_second_load_finds_it_there(anyio_backend: object, loaded: Loaded):
    """Loading again adds no event."""
    tenants = await load(loaded.settings, STORY, loaded.kept, quiet)
    assert tenants == loaded.tenants
    async with open_runtime(loaded.settings) as runtime:
        for slug, tenant in tenants.items():
            assert await every_row(runtime, tenant) == loaded.rows[slug]


class Cut(Exception):  # noqa: N818 - a stand-in for a pulled plug
    """The load was cut off."""


async def test_a_load_that_was_cut_off_goes_on_where_it_was(
    anyio_backend: object, fresh_database: TestDatabase, servers: Addresses, loaded: Loaded
):
    """Cut off in the middle, the organisation is withheld; loaded on, it has the same history as in one go."""
    settings, cut_at = settings_of(fresh_database, servers), 150

    def cut(_: str, done: int, __: int) -> None:
        if done == cut_at:
            raise Cut

    with pytest.raises(Cut):
        await load(settings, STORY[:1], loaded.kept, cut)
    async with open_runtime(settings) as runtime, runtime.database.platform() as connection:
        assert await connection.fetchval("select status from tenants where slug = 'shifan'") == "suspended"

    [tenant] = (await load(settings, STORY[:1], loaded.kept, quiet)).values()

    async with open_runtime(settings) as runtime:
        rows = await every_row(runtime, tenant)
        async with runtime.database.platform() as connection:
            assert await connection.fetchval("select status from tenants where slug = 'shifan'") == "active"
    # what falls due at one instant on several streams may happen in any order
    assert Counter((row.topic, row.recorded_at) for row in rows) == Counter(
        (row.topic, row.recorded_at) for row in loaded.rows["shifan"]
    )


async def test_everybody_signs_in_with_the_password_of_the_file(anyio_backend: object, loaded: Loaded, tmp_path: Path):
    """The credentials file opens the door, is readable by its owner alone, and can be made anew when lost."""
    assert loaded.kept.path.stat().st_mode & 0o777 == 0o600
    async with open_runtime(loaded.settings) as runtime:
        accounts = Accounts(runtime)
        old = loaded.kept.credentials.password("shifan", "qinlan")
        session = await accounts.login("shifan", "qinlan", old, None)
        assert session.token

        lost_and_made_anew = keep(tmp_path, STORY)
        await load(loaded.settings, STORY, lost_and_made_anew, quiet)

        new = lost_and_made_anew.credentials.password("shifan", "qinlan")
        assert (await accounts.login("shifan", "qinlan", new, None)).token
        with pytest.raises(Unauthenticated):
            await accounts.login("shifan", "qinlan", old, None)


def test_the_committed_files_are_those_of_the_generator(tmp_path: Path):
    """The bulk files can be made again, byte for byte."""
    bulk.main(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert len(made) > 70
    _, different, missing = filecmp.cmpfiles(tmp_path, DATA, [str(path) for path in made], shallow=False)
    assert (different, missing) == ([], [])


async def test_an_open_month_says_what_it_lacks(anyio_backend: object, loaded: Loaded):
    """The month after the year is under way, so that the view of open assessments has something to show."""
    tenant, stream = loaded.tenants["jiangcheng"], project_id(loaded.tenants["jiangcheng"], STORY[1].projects[0])
    assessment = derived_id(stream, "assessment", "2026-03")
    async with (
        open_runtime(loaded.settings) as runtime,
        runtime.database.tenant_transaction(tenant, read_only=True) as connection,
    ):
        state = (await runtime.states.read(connection, tenant, "assessment", assessment)).state
    assert isinstance(state, AssessmentState)
    assert (state.status, len(state.staff), state.results) == ("open", 10, {})
