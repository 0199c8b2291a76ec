"""``python -m services.worker``: the whole domain's worker, set up by the environment, ended by a signal."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from services.settings import to_environment
from tests.services.crowd import register

ROOT = Path(__file__).parent.parent.parent


def start(environment):
    """A worker of the whole domain in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "services.worker"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


async def test_a_worker_reacts_to_what_the_api_does(api, settings):
    """A registered project's deposit account is opened by the worker, and a reader can wait for it."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar")
    process = start(to_environment(settings))
    try:
        project = await register(registrar)
        shown = await registrar.get(f"/v1/property-projects/{project}")
        position = await position_of(api, admin.tenant)
        while (
            waited := await registrar.get(
                f"/v1/property-projects/{project}", headers={"Kaohe-Min-Position": str(position)}
            )
        ).status_code == 503:
            assert process.poll() is None
        assert shown.status_code == waited.status_code == 200
        assert "contract_deposit.opened" in await topics_of(api, admin.tenant)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors.decode()
        assert b"worker_stopped" in errors
    finally:
        process.kill()
        process.wait()


def test_a_worker_without_settings_says_what_to_set():
    """The message names the variable; there is no traceback."""
    process = start({})
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"KAOHE_DATABASE_URL" in errors
    assert b"Traceback" not in errors


async def topics_of(api, tenant):
    """What has happened in a tenant."""
    async with api.desk.runtime.database.tenant_transaction(tenant) as connection:
        rows = await connection.fetch("select topic from events where tenant_id = $1 order by position", tenant)
    return [row["topic"] for row in rows]


async def position_of(api, tenant):
    """The tenant's position."""
    async with api.desk.runtime.database.tenant_transaction(tenant) as connection:
        return await connection.fetchval("select position from ledger where tenant_id = $1", tenant)
