"""Applies the numbered migrations in order, once each, under a lock, and records what was applied."""

import hashlib
from importlib import resources

import asyncpg

from infra.database import SCHEMA

LOCK = 7_205_759_403_792_793
"""An advisory lock key of our own, so that two migrating processes take turns."""
LOGIN_ROLE = "kaohe"


class MigrationChanged(Exception):  # noqa: N818 - a state of the world that an operator must resolve
    """A migration that was applied has been edited since; apply a new one instead."""


def migrations() -> list[tuple[str, str]]:
    """Name and SQL of every migration, in order: the store's and the projections' own."""
    found = [
        (entry.name, entry.read_text("utf-8"))
        for package in ("infra.migrations", "projections")
        for entry in resources.files(package).iterdir()
        if entry.name.endswith(".sql") and entry.name[:4].isdigit()
    ]
    return sorted(found)


async def migrate(url: str, *, login_password: str | None = None) -> list[str]:
    """Bring the database at ``url`` (its owner's) up to date; return the names applied now.

    Also makes sure of the login role that the service connects as: it owns nothing and inherits nothing,
    and may only become one of the three service roles.
    """
    connection = await asyncpg.connect(url, server_settings={"search_path": SCHEMA})
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(f"create schema if not exists {SCHEMA}")
        await connection.execute(
            "create table if not exists migrations"
            " (name text primary key, sha256 text not null, applied_at timestamptz not null default now())"
        )
        applied = {row["name"]: row["sha256"] for row in await connection.fetch("select name, sha256 from migrations")}
        fresh = []
        for name, sql in migrations():
            digest = hashlib.sha256(sql.encode()).hexdigest()
            if name in applied:
                if applied[name] != digest:
                    raise MigrationChanged(name)
                continue
            async with connection.transaction():
                await connection.execute(sql)
                await connection.execute("insert into migrations (name, sha256) values ($1, $2)", name, digest)
            fresh.append(name)
        await _login_role(connection, login_password)
        return fresh
    finally:
        await connection.close()


async def _login_role(connection: "asyncpg.Connection[asyncpg.Record]", password: str | None) -> None:
    await connection.execute(
        "do $$ begin create role kaohe login noinherit nosuperuser nobypassrls;"
        " exception when duplicate_object or unique_violation then null; end $$"
    )
    for role in ("kaohe_app", "kaohe_directory", "kaohe_platform"):
        granted = await connection.fetchval("select pg_has_role($1, $2, 'member')", LOGIN_ROLE, role)
        if not granted:
            await connection.execute(f"grant {role} to {LOGIN_ROLE}")
    if password is not None:
        quoted = await connection.fetchval("select quote_literal($1::text)", password)
        await connection.execute(f"alter role {LOGIN_ROLE} password {quoted}")
