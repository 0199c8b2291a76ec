"""The command line against a real database: what an operator does at a terminal, and what is said when it fails."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from services.cli import cli
from tests.conftest import Addresses, TestDatabase, worker_number

Kaohe = Callable[..., Result]
PASSWORD = "a long enough password"


@pytest.fixture
def kaohe(fresh_database: TestDatabase, valkey_url: str, tmp_path: Path) -> Kaohe:
    """Runs the command line on this test's database."""
    environment = {
        "KAOHE_DATABASE_URL": fresh_database.url,
        "KAOHE_REDIS_URL": valkey_url,
        "KAOHE_DIRECTORY": str(tmp_path),
        "KAOHE_MIGRATE_URL": fresh_database.owner_url,
    }

    def invoke(*arguments: str, given: str | None = None, **changes: str) -> Result:
        return CliRunner(env={**environment, **changes}).invoke(cli, arguments, input=given)

    return invoke


@pytest.fixture
def tenant(kaohe: Kaohe) -> str:
    """An organisation made on the command line."""
    made = kaohe(
        "tenant",
        "create",
        "xueyuan",
        "--name",
        "学院",
        "--admin",
        "guanli",
        "--admin-name",
        "管理员",
        "--password-stdin",
        given=PASSWORD,
    )
    assert made.exit_code == 0, made.output
    return "xueyuan"


def execute(database: TestDatabase, statement: str) -> None:
    """Run a statement as the database's owner."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("set search_path to kaohe")
        connection.execute(statement)


def test_a_tenant_is_created_listed_suspended_and_resumed(kaohe: Kaohe, tenant: str):
    """The platform's side of an organisation's life."""
    assert "active" in kaohe("tenant", "list").output

    assert kaohe("tenant", "suspend", tenant, "--reason", "欠费").exit_code == 0
    assert "suspended" in kaohe("tenant", "list").output

    assert kaohe("tenant", "resume", tenant, "--reason", "已缴").exit_code == 0
    assert "suspended" not in kaohe("tenant", "list").output


def test_a_years_holidays_are_adopted_by_one_organisation_or_all(kaohe: Kaohe, tenant: str):
    """Once; a year that is not shipped, an organisation that is not there and half a question are told in a line."""
    assert "已启用" in kaohe("tenant", "adopt-year", "2026", "--tenant", tenant).output
    assert "year_adopted_already" in kaohe("tenant", "adopt-year", "2026", "--all").output
    assert "year_not_shipped" in kaohe("tenant", "adopt-year", "2099", "--tenant", tenant).output
    assert kaohe("tenant", "adopt-year", "2026", "--tenant", "nobody").exit_code == 2
    assert kaohe("tenant", "adopt-year", "2026").exit_code == 2


def test_a_member_is_added_listed_given_a_password_and_disabled(kaohe: Kaohe, tenant: str):
    """The people of an organisation."""
    added = kaohe(
        "user",
        "add",
        "liming",
        "--tenant",
        tenant,
        "--name",
        "李明",
        "--role",
        "auditor",
        "--password-stdin",
        given=PASSWORD,
    )
    assert added.exit_code == 0, added.output
    assert "auditor" in kaohe("user", "list", "--tenant", tenant).output
    assert kaohe("user", "password", "liming", "--tenant", tenant, "--password-stdin", given=PASSWORD).exit_code == 0

    assert kaohe("user", "disable", "liming", "--tenant", tenant, "--reason", "离职").exit_code == 0

    assert "disabled" in kaohe("user", "list", "--tenant", tenant).output


def test_an_operator_is_added(kaohe: Kaohe):
    """Whoever hosts the service gets an account of the platform."""
    assert kaohe("operator", "add", "hoster", "--password-stdin", given=PASSWORD).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("user", "list", "--tenant", "nobody"), None, "kaohe tenant list"),
        (("user", "password", "nobody", "--tenant", "xueyuan", "--password-stdin"), PASSWORD, "kaohe user list"),
        (("user", "password", "guanli", "--tenant", "xueyuan", "--password-stdin"), "short", "10 to 200"),
        (
            ("tenant", "create", "xueyuan", "--name", "x", "--admin", "xx", "--admin-name", "x", "--password-stdin"),
            PASSWORD,
            "slug is taken",
        ),
        (("tenant", "suspend", "Not A Slug", "--reason", "x"), None, "no tenant"),
        (("rebuild",), None, "--all"),
        (("rebuild", "nothing", "--all"), None, "there is no projection"),
        (("replay", "not-an-id", "--tenant", "xueyuan"), None, "not an id"),
        (("replay", "cake:00000000-0000-0000-0000-000000000001", "--tenant", "xueyuan"), None, "no noun"),
        (("replay", "00000000-0000-0000-0000-000000000001", "--tenant", "xueyuan"), None, "no such case"),
        (
            ("replay", "00000000-0000-0000-0000-000000000001", "--as-of", "2025-01-01T00:00", "--tenant", "xueyuan"),
            None,
            "--as-of takes",
        ),
    ],
)
def test_what_goes_wrong_is_one_line_with_what_to_do_next(
    kaohe: Kaohe, tenant: str, arguments: tuple[str, ...], given: str | None, says: str
):
    """Exit code 2 and a line, never a traceback."""
    result = kaohe(*arguments, given=given)
    assert result.exit_code == 2, result.output
    assert says in result.output
    assert isinstance(result.exception, SystemExit)
    assert len(result.output.strip().splitlines()) == 1


def test_a_database_that_is_away_is_told_with_what_to_do(kaohe: Kaohe):
    """Nobody listens there."""
    result = kaohe("tenant", "list", KAOHE_DATABASE_URL="postgresql://kaohe:x@127.0.0.1:9/kaohe")
    assert (result.exit_code, "kaohe up" in result.output) == (2, True)


def test_without_servers_it_says_how_to_get_them(kaohe: Kaohe):
    """Neither the environment nor a running `kaohe up` says where they are."""
    result = kaohe("tenant", "list", KAOHE_DATABASE_URL="", KAOHE_REDIS_URL="")
    assert (result.exit_code, "KAOHE_DATABASE_URL" in result.output) == (2, True)


def test_a_wrong_password_is_told_without_the_password(kaohe: Kaohe, fresh_database: TestDatabase):
    """The secret of the URL is not repeated."""
    wrong = re.sub(r"//kaohe:[^@]*@", "//kaohe:wrong-secret@", fresh_database.url)
    result = kaohe("tenant", "list", KAOHE_DATABASE_URL=wrong)
    assert (result.exit_code, "refused the login" in result.output) == (2, True)
    assert "wrong-secret" not in result.output


def test_an_empty_database_is_migrated_with_the_role_that_serves(servers: Addresses, valkey_url: str, tmp_path: Path):
    """`kaohe migrate` makes schema and role; a second run finds nothing to do; before it, doctor says to run it."""
    name = f"empty_{tmp_path.name.replace('-', '_')}_{worker_number()}".lower()
    with psycopg.connect(servers.owner + "postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    try:
        environment = {
            "KAOHE_DATABASE_URL": servers.postgres + name,
            "KAOHE_MIGRATE_URL": servers.owner + name,
            "KAOHE_REDIS_URL": valkey_url,
            "KAOHE_DIRECTORY": str(tmp_path),
        }
        runner = CliRunner(env=environment)
        before = runner.invoke(cli, ["doctor"])
        assert (before.exit_code, "kaohe migrate" in before.output) == (1, True)

        first = runner.invoke(cli, ["migrate"])
        assert first.exit_code == 0, first.output
        assert "0001_foundation" in first.output
        assert "up to date" in runner.invoke(cli, ["migrate"]).output
        assert runner.invoke(cli, ["doctor"]).exit_code == 0
    finally:
        with psycopg.connect(servers.owner + "postgres", autocommit=True) as connection:
            connection.execute(f'drop database "{name}" with (force)')


def test_a_sound_installation_passes_the_doctor(kaohe: Kaohe):
    """Nothing to find, exit code 0."""
    result = kaohe("doctor")
    assert result.exit_code == 0, result.output


def test_the_doctor_finds_rights_that_were_widened_by_hand(kaohe: Kaohe, fresh_database: TestDatabase):
    """History must stay append-only."""
    execute(fresh_database, "grant update on events to kaohe_app")
    result = kaohe("doctor")
    assert (result.exit_code, "UPDATE events" in result.output) == (1, True)


def test_the_doctor_finds_row_level_security_switched_off(kaohe: Kaohe, fresh_database: TestDatabase):
    """Every tenant's table is fenced."""
    execute(fresh_database, "alter table sessions no force row level security")
    result = kaohe("doctor")
    assert (result.exit_code, "sessions is not fenced" in result.output) == (1, True)


def test_the_doctor_finds_that_no_worker_is_at_work(kaohe: Kaohe, tenant: str):
    """Events that nobody follows stand still."""
    result = kaohe("doctor")
    assert (result.exit_code, "stand still" in result.output, "kaohe up" in result.output) == (1, True, True)


def test_the_doctor_finds_failed_deadlines_refused_reactions_and_an_absent_valkey(
    kaohe: Kaohe, tenant: str, fresh_database: TestDatabase
):
    """What waits for a person is told with what to do."""
    execute(
        fresh_database,
        "insert into deadlines (tenant_id, originator_id, key, due_at, noun, command, failed_at, failure)"
        " select tenant_id, tenant_id, 'survey', now(), 'assessment', '{}', now(), 'broken' from tenants",
    )
    execute(
        fresh_database,
        "insert into reaction_refusals select tenant_id, 'settle_month', 1, 0, 'contract_deposit', tenant_id, 'x', 'x',"
        " '{}', now() from tenants",
    )
    result = kaohe("doctor", KAOHE_REDIS_URL="redis://127.0.0.1:9/0")
    assert result.exit_code == 1
    for words in ("1 deadlines failed", "1 commands of reactions were refused", "Valkey does not answer"):
        assert words in result.output


def test_the_openapi_document_is_printed_without_a_server():
    """Needs neither database nor environment."""
    result = CliRunner(env={"KAOHE_DATABASE_URL": "", "KAOHE_REDIS_URL": ""}).invoke(cli, ["openapi"])
    assert result.exit_code == 0
    assert '"openapi"' in result.output


def test_every_command_has_a_help_text_in_both_languages():
    """A first line that a reader of either language understands."""
    for name, command in cli.commands.items():
        assert command.help is not None, name
        first = command.help.splitlines()[0]
        assert re.search(r"[一-鿿]", first), name
        assert re.search(r"[a-z]{3}", first), name
        assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0
