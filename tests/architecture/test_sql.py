"""Every statement on a tenant's table names the tenant: row level security is the second lock, not the first.

The scan is crude. It reads SQL files up to each semicolon and strings of Python that begin like a statement, and
wants to see ``tenant_id`` somewhere in each that names a tenant's table. What is put together at run time out of
pieces is only seen where a piece begins like a statement.
"""

import re
from functools import cache

import pytest

from tests.architecture.sources import literals, of_rooms, place

CREATED = re.compile(r"create table (?:if not exists )?(\w+)\s*\(([^;]*?)\n\)", re.IGNORECASE)
STATEMENT = re.compile(r"^\s*\(?\s*(select|insert|update|delete|with|merge|truncate)\b", re.IGNORECASE)
NAMED = re.compile(r"\b(?:from|join|into|update|using|truncate)\s+(?:only\s+)?(?:kaohe\.)?(\w+|\{\})", re.IGNORECASE)
DEFINITION = re.compile(r"^\s*(create|grant|revoke|alter|comment|drop|do|end|declare|perform secure)\b", re.IGNORECASE)
COMMENT = re.compile(r"--[^\n]*")


@cache
def tenant_tables() -> frozenset[str]:
    """The tables whose definition has a ``tenant_id``."""
    text = "\n".join(COMMENT.sub("", path.read_text("utf-8")) for path in of_rooms(".sql"))
    return frozenset(
        name for name, columns in CREATED.findall(text) if re.search(r"^\s*tenant_id\b", columns, re.MULTILINE)
    )


def names_a_tenants_table(sql: str) -> bool:
    """Whether it reads or writes one, or a table whose name is only put in at run time."""
    return any(name == "{}" or name.lower() in tenant_tables() for name in NAMED.findall(sql))


def lacks_its_tenant(sql: str) -> bool:
    """Whether a statement on a tenant's table does not name the tenant."""
    return names_a_tenants_table(sql) and "tenant_id" not in sql


def test_the_tables_are_found():
    """The scan knows the tables that it is about."""
    assert {"events", "ledger", "snapshots", "tracking", "deadlines", "idempotency", "projections"} <= tenant_tables()
    assert not {"operators", "operator_sessions", "migrations"} & tenant_tables()


def test_statements_in_python_name_their_tenant():
    """Each string that begins like SQL and names a tenant's table has the tenant."""
    statements = [
        (place(path, line), text)
        for path in of_rooms(".py", rooms=("infra", "services", "projections"))
        for line, text in literals(path)
        if STATEMENT.match(text)
    ]
    assert len([sql for _, sql in statements if names_a_tenants_table(sql)]) > 10, "the scan sees statements"
    assert not [where for where, sql in statements if lacks_its_tenant(sql)]


def test_statements_in_sql_files_name_their_tenant():
    """Each statement of a migration's functions and of a projection's queries has the tenant."""
    wrong = []
    for path in of_rooms(".sql"):
        line = 1
        for sql in path.read_text("utf-8").split(";"):
            stripped = COMMENT.sub("", sql)
            if not DEFINITION.match(stripped) and lacks_its_tenant(stripped):
                wrong.append(place(path, line + len(sql[: len(sql) - len(sql.lstrip())].splitlines())))
            line += sql.count("\n")
    assert not wrong


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("select state from events where originator_id = $1", True),
        ("select state from events where tenant_id = $1", False),
        ("update ledger set epoch = 1", True),
        ("insert into snapshots values ($1)", True),
        ("delete from {} where build = $1", True),
        ("select 1 from operators", False),
    ],
)
def test_the_scan_tells_right_from_wrong(sql, wrong):
    """A statement without its tenant is found, one with it or on no tenant's table is not."""
    assert lacks_its_tenant(sql) is wrong
