"""The service refuses to start on a database that is not safe: each finding shown on one that is really broken."""

import asyncpg
import pytest

from infra import catalogue_check
from infra.database import Database


async def findings_after(database, *statements):
    """What is found after the owner has done something to the database."""
    owner = await asyncpg.connect(database.owner_url, server_settings={"search_path": "kaohe"})
    for statement in statements:
        await owner.execute(statement)
    await owner.close()
    opened = await Database.open(database.url)
    try:
        return await catalogue_check.findings(opened)
    finally:
        await opened.close()


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("alter table events disable row level security", "table events is not fenced"),
        ("alter table deadlines no force row level security", "table deadlines is not fenced"),
        ("drop policy tenant on snapshots", "table snapshots is not fenced"),
        ("create policy open on events to kaohe_app using (true)", "table events has the policy open"),
        ("alter policy tenant on events using (true)", "table events has another policy"),
        ("alter policy tenant on events with check (true)", "table events has another policy"),
        ("create table notes (id uuid primary key)", "table notes has no tenant_id"),
        ("create view peep as select * from events", "view peep is not security_invoker"),
        ("create view peep with (security_invoker = false) as select * from events", "view peep is not security_invok"),
        ("create materialized view peep as select * from events", "peep is a materialised view"),
        ("create sequence numbers", "numbers is a materialised view, foreign table or sequence"),
        ("grant update on events to kaohe_app", "kaohe_app may UPDATE events"),
        ("grant update (state) on events to kaohe_app", "kaohe_app may UPDATE events"),
        ("grant delete on events to public", "kaohe_app may DELETE events"),
        ("grant truncate on events to kaohe_app", "kaohe_app may TRUNCATE events"),
        ("grant update (detail) on access_log to kaohe_app", "kaohe_app may UPDATE access_log"),
        ("grant delete on access_log to kaohe_app", "kaohe_app may DELETE access_log"),
        ("grant truncate on access_log to kaohe_app", "kaohe_app may TRUNCATE access_log"),
        ("grant truncate on ledger to kaohe_app", "kaohe_app may TRUNCATE ledger"),
        ("delete from migrations where name = '0002_append_events.sql'", "migration 0002_append_events.sql has not"),
        (
            "alter function append_events security definer",
            "function append_events runs with its owner's rights",
        ),
    ],
)
async def test_a_broken_fence_is_found(fresh_database, statement, finding):
    """One thing is wrong, and the operator reads which."""
    [found] = await findings_after(fresh_database, statement)
    assert found.startswith(finding)


async def test_a_view_with_its_callers_rights_is_allowed(fresh_database):
    """Such a view shows what its reader may see."""
    made = "create view mine with (security_invoker = true) as select * from events"
    assert await findings_after(fresh_database, made) == []


async def test_a_superuser_session_is_found(fresh_database):
    """Logged in as a superuser, the service would be held by no fence it forgot."""
    opened = await Database.open(fresh_database.owner_url)
    found = await catalogue_check.findings(opened)
    await opened.close()
    assert any("role postgres is a superuser" in finding for finding in found)


async def test_a_service_role_that_owns_a_table_is_found(fresh_database):
    """An owner may take the fences down."""
    found = await findings_after(
        fresh_database,
        "create table owned (tenant_id uuid primary key)",
        "select secure_tenant_table('owned')",
        "alter table owned owner to kaohe_app",
    )
    assert "role kaohe_app owns tables; the service's roles own nothing" in found


async def test_a_login_that_could_step_over_the_fences_is_found(fresh_database):
    """A role of this server that may become an unfenced one is as good as unfenced; here a login of its own."""
    owner = await asyncpg.connect(fresh_database.owner_url)
    login, over = f"login_{fresh_database.name}", f"over_{fresh_database.name}"
    password = fresh_database.url.split(":")[2].split("@")[0]
    try:
        await owner.execute(f"create role {over} bypassrls; create role {login} login noinherit password '{password}'")
        await owner.execute(f"grant kaohe_app, kaohe_directory, kaohe_platform, {over} to {login}")
        opened = await Database.open(fresh_database.url.replace("//kaohe:", f"//{login}:"))
        found = await catalogue_check.findings(opened)
        await opened.close()
    finally:
        await owner.execute(f"drop role if exists {login}; drop role if exists {over}")
        await owner.close()
    assert any(over in finding and "row level security" in finding for finding in found)


async def test_an_unsafe_database_is_not_served(fresh_database):
    """All findings stand in the one refusal."""
    await findings_after(fresh_database, "alter table events disable row level security", "create sequence numbers")
    opened = await Database.open(fresh_database.url)
    with pytest.raises(catalogue_check.CatalogueWrong, match=r"numbers.*events|events.*numbers"):
        await catalogue_check.require_sound(opened)
    await opened.close()
