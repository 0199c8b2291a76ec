"""The command line on a month under way: import, replay, rebuild."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner, Result

from domain.kernel import derived_id
from services.cli import cli
from services.demo.credentials import keep
from services.demo.load import load
from services.demo.plan import project_id
from services.demo.story import DATA, Matters, Organisation, organisations
from services.settings import Settings
from tests.conftest import Addresses, TestDatabase, worker_number

Kaohe = Callable[..., Result]
MONTH = DATA / "jiangcheng" / "nanhu" / "2025-03"


class Place(msgspec.Struct, frozen=True):
    """A database with one organisation, one project, one closed month and one that is open."""

    environment: dict[str, str]
    slug: str
    project: UUID

    def assessment(self, month: str) -> str:
        """The id of a month's assessment."""
        return str(derived_id(self.project, "assessment", month))

    def run(self, *arguments: str) -> Result:
        """Run the command line here."""
        return CliRunner(env=self.environment).invoke(cli, arguments)


def short_story() -> Organisation:
    """The demonstration's second organisation, until its second month has begun."""
    whole = organisations()[1]
    project = whole.projects[0]
    until = datetime(2025, 4, 20, tzinfo=UTC).replace(tzinfo=None)
    acts = tuple(act for act in project.story.acts if act.at < until)
    cut = msgspec.structs.replace(
        project,
        story=msgspec.structs.replace(project.story, acts=acts, open_after="2025-04"),
        months=project.months[:1],
    )
    rules = tuple(act for act in whole.story.acts if act.at < until)
    return Organisation(msgspec.structs.replace(whole.story, acts=rules, ends_at=until), (cut,), Matters((), ()))


@pytest.fixture(scope="module")
def place(module_database: TestDatabase, servers: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Loaded once for this module."""
    directory, valkey = tmp_path_factory.mktemp("cli"), f"{servers.valkey}{worker_number()}"
    settings, told = Settings(database_url=module_database.url, redis_url=valkey), short_story()
    tenants = asyncio.run(load(settings, (told,), keep(directory, (told,)), lambda *_: None))
    environment = {
        "KAOHE_DATABASE_URL": module_database.url,
        "KAOHE_REDIS_URL": valkey,
        "KAOHE_DIRECTORY": str(directory),
    }
    [(slug, tenant)] = tenants.items()
    return Place(environment, slug, project_id(tenant, told.projects[0]))


@pytest.mark.clause("R14.1")
def test_a_dry_run_counts_and_adds_nothing_then_the_file_is_imported_once(place: Place, tmp_path: Path):
    """First what would be, then what was, then that it stands there already."""
    file = tmp_path / "findings.csv"
    text = (MONTH / "findings.csv").read_text("utf-8")
    file.write_text(text.replace("2025-03-", "2025-04-").replace("NH-2503", "NH-X"), "utf-8")
    count = len(text.splitlines()) - 1
    arguments = ("import", "findings", str(file), "--tenant", place.slug, "--assessment", place.assessment("2025-04"))

    dry = place.run(*arguments, "--dry-run", "--lang", "en")
    assert f"{count} rows: would import {count}, 0 there already, 0 errors" in dry.output
    real = place.run(*arguments)
    assert f"共 {count} 行：已导入 {count}，已存在 0，错误 0" in real.output
    again = place.run(*arguments)
    assert f"共 {count} 行：已导入 0，已存在 {count}，错误 0" in again.output
    assert (dry.exit_code, real.exit_code, again.exit_code) == (0, 0, 0)


@pytest.mark.clause("R14.2.2")
def test_a_file_with_a_wrong_row_is_told_by_row_and_column_and_adds_nothing(place: Place, tmp_path: Path):
    """Exit code 1, the row as the file numbers it, the reader's language."""
    file = tmp_path / "ballots.csv"
    file.write_text("选票编号,群体,评分,填写日期\nA-1,教职工,80,2025-04-03\nA-2,学生,一百,2025-04-03\n", "utf-8")
    arguments = ("import", "ballots", str(file), "--tenant", place.slug, "--assessment", place.assessment("2025-04"))

    zh, en = place.run(*arguments), place.run(*arguments, "--lang", "en")

    assert (zh.exit_code, en.exit_code) == (1, 1)
    assert "应为数字" in zh.output
    assert "This must be a number." in en.output
    assert "评分" in zh.output
    assert "一百" in zh.output


def test_importing_into_a_case_that_does_not_exist_is_refused_in_a_line(place: Place):
    """The refusal of the domain, exit code 2."""
    unknown = str(UUID(int=7))
    file = str(MONTH / "ballots.csv")
    result = place.run("import", "ballots", file, "--tenant", place.slug, "--assessment", unknown)
    assert (result.exit_code, "not_found" in result.output) == (2, True)


def test_replay_shows_who_did_what_in_which_role_under_which_clause_and_rules(place: Place):
    """The whole history of a month, and its state now."""
    result = place.run("replay", f"assessment:{place.assessment('2025-03')}", "--tenant", place.slug)
    assert result.exit_code == 0, result.output
    for words in ("许宁", "assessor", "R14.2.1", "v2", "assessment.closed", "deadline:survey", '"86.80"'):
        assert words in result.output


def test_replay_shows_what_each_event_changed(place: Place):
    """Under the list of events, a line a field: its path, before and after."""
    result = place.run("replay", f"assessment:{place.assessment('2025-03')}", "--tenant", place.slug)
    changed = result.output.partition("逐步变化")[2].partition("当时的状态")[0]
    for line in ('  /status: — → "open"', '  /status: "open" → "surveyed"', '  /status: "surveyed" → "closed"'):
        assert changed.splitlines().count(line) == 1, changed


def test_replay_as_of_an_instant_shows_the_state_then(place: Place):
    """Before the month was closed it had no scorecard; before it was opened there was nothing."""
    case = place.assessment("2025-03")
    before = place.run("replay", case, "--as-of", "2025-04-01T12:00+08:00", "--tenant", place.slug)
    assert '"status": "surveyed"' in before.output
    assert "assessment.closed" not in before.output
    nothing = place.run("replay", case, "--as-of", "1", "--tenant", place.slug)
    assert "did not exist yet" in nothing.output


def test_replay_knows_a_case_by_its_own_noun_only(place: Place):
    """An assessment is no deposit."""
    result = place.run("replay", f"contract_deposit:{place.assessment('2025-03')}", "--tenant", place.slug)
    assert (result.exit_code, "no such case" in result.output) == (2, True)


def test_rebuilt_projections_are_what_they_were(place: Place):
    """All of them, beside the live ones, compared and switched."""
    result = place.run("rebuild", "--tenant", place.slug)
    assert result.exit_code == 0, result.output
    assert "same as before" in result.output
    assert "differs" not in result.output
