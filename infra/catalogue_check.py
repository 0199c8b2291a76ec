"""What must be true of the database before the service starts: roles, row level security, grants, migrations."""

from infra.database import Connection, Database
from infra.migrate import migrations

NOT_TENANT_TABLES = frozenset({"migrations", "operators", "operator_sessions", "login_failures"})
"""Tables of the platform itself; every other table belongs to tenants and must be fenced."""

APPEND_ONLY = ("events", "access_log")
"""Tables whose rows the service adds and reads, and can neither change nor delete."""

TENANT_POLICY = "(tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)"
"""What ``secure_tenant_table`` makes, as Postgres writes it out."""


class CatalogueWrong(Exception):  # noqa: N818 - the operator reads it as a finding
    """The database is not safe to serve from; the message lists each finding."""


async def findings(database: Database) -> list[str]:
    """Everything that is wrong with the database as the service sees it; empty when all is well."""
    async with database.directory() as connection:
        wrong = await _roles(connection)
        wrong += await _tables(connection)
        wrong += await _policies(connection)
        wrong += await _grants(connection)
        wrong += await _migrations(connection)
    return wrong


async def require_sound(database: Database) -> None:
    """Refuse to go on when the catalogue is wrong."""
    wrong = await findings(database)
    if wrong:
        raise CatalogueWrong("; ".join(wrong))


async def _roles(connection: Connection) -> list[str]:
    """The roles of the service, the one it logged in as, and every other that this one may become."""
    rows = await connection.fetch(
        "select r.rolname, r.rolsuper, r.rolbypassrls,"
        " exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        "   where n.nspname = 'kaohe' and c.relowner = r.oid) as owns"
        " from pg_roles r join pg_roles login on login.rolname = session_user"
        " where r.oid = login.oid or r.rolname in ('kaohe_app', 'kaohe_directory', 'kaohe_platform')"
        " or not login.rolsuper and pg_has_role(login.oid, r.oid, 'member')"
        " order by r.rolname"
    )
    wrong = []
    for row in rows:
        if row["rolsuper"]:
            wrong.append(f"role {row['rolname']} is a superuser; connect as a role that is none")
        if row["rolbypassrls"]:
            wrong.append(f"role {row['rolname']} bypasses row level security")
        if row["owns"]:
            wrong.append(f"role {row['rolname']} owns tables; the service's roles own nothing")
    return wrong


async def _tables(connection: Connection) -> list[str]:
    rows = await connection.fetch(
        "select c.relname, c.relkind::text as kind, c.relrowsecurity, c.relforcerowsecurity,"
        " exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as has_tenant,"
        " exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant') as has_policy,"
        " coalesce('security_invoker=true' = any (c.reloptions), false) as invoker"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'kaohe' and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') order by c.relname"
    )
    wrong = []
    for row in rows:
        name = row["relname"]
        if row["kind"] == "v" and not row["invoker"]:
            wrong.append(f"view {name} is not security_invoker")
        if row["kind"] in ("m", "f", "S"):
            wrong.append(f"{name} is a materialised view, foreign table or sequence")
        if row["kind"] not in ("r", "p") or name in NOT_TENANT_TABLES:
            continue
        if not row["has_tenant"]:
            wrong.append(f"table {name} has no tenant_id")
        elif not (row["relrowsecurity"] and row["relforcerowsecurity"] and row["has_policy"]):
            wrong.append(f"table {name} is not fenced: row level security must be enabled and forced, with its policy")
    return wrong


async def _policies(connection: Connection) -> list[str]:
    """Policies add up: one that is wider than the tenant's own opens the table to everybody it names."""
    rows = await connection.fetch(
        "select c.relname, p.polname, p.polcmd::text as command, p.polpermissive,"
        " pg_get_expr(p.polqual, p.polrelid) as seen, pg_get_expr(p.polwithcheck, p.polrelid) as written"
        " from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'kaohe' and p.polroles && array[0, (select oid from pg_roles where rolname = 'kaohe_app')]"
        " order by c.relname, p.polname"
    )
    wrong = []
    for row in rows:
        if row["polname"] != "tenant":
            if row["polpermissive"]:
                wrong.append(f"table {row['relname']} has the policy {row['polname']}, which opens it to kaohe_app")
        elif (row["command"], row["seen"], row["written"]) != ("*", TENANT_POLICY, TENANT_POLICY):
            wrong.append(f"table {row['relname']} has another policy than the tenant's")
    return wrong


async def _grants(connection: Connection) -> list[str]:
    """No right to change history, none that row level security does not bind, no function that steps over it."""
    changes = await connection.fetch(
        "select relname, privilege from unnest($1::text[]) relname"
        " cross join unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) privilege where case privilege"
        " when 'UPDATE' then has_any_column_privilege('kaohe_app', 'kaohe.' || relname, privilege)"
        " else has_table_privilege('kaohe_app', 'kaohe.' || relname, privilege) end",
        list(APPEND_ONLY),
    )
    unbound = await connection.fetch(
        "select c.relname, privilege from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " cross join unnest(array['TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege"
        " where n.nspname = 'kaohe' and c.relkind in ('r', 'p') and has_table_privilege('kaohe_app', c.oid, privilege)"
        " and not (c.relname = any ($1) and privilege = 'TRUNCATE') order by c.relname",
        list(APPEND_ONLY),
    )
    definers = await connection.fetch(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = 'kaohe' and p.prosecdef order by p.proname"
    )
    return [
        *(f"kaohe_app may {row['privilege']} {row['relname']}; it must be append-only" for row in changes),
        *(
            f"kaohe_app may {row['privilege']} {row['relname']}; row level security does not bind that"
            for row in unbound
        ),
        *(f"function {row['proname']} runs with its owner's rights, past row level security" for row in definers),
    ]


async def _migrations(connection: Connection) -> list[str]:
    known = [name for name, _ in migrations()]
    applied = {row["name"] for row in await connection.fetch("select name from migrations")}
    return [f"migration {name} has not been applied; run `kaohe migrate`" for name in known if name not in applied]
