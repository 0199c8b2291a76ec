"""``kaohe doctor`` and what streams hold: a row that hands have damaged is found, and the advice mends it."""

import asyncio
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner

from services.cli import cli
from services.settings import to_environment
from tests.services.centre import DEPARTS, a_centre
from tests.services.test_worker_process import position_of


@pytest.fixture
async def centre(api):
    """A centre with one dispatched booking and a car that is kept free; its worker is done."""
    centre = await a_centre(api)
    await centre.dispatched()
    window = {"starts_at": DEPARTS, "ends_at": "2026-03-05T09:00:00+08:00", "reason": "保养"}
    planned = await centre.dispatcher.post(f"/v1/vehicles/{centre.cars[1]}/plan-maintenance", window)
    assert planned.status_code == 200
    await centre.settle()
    return centre


@pytest.fixture
def doctor(settings):
    """What the doctor says of it."""

    async def examine():
        runner = CliRunner(env=to_environment(settings))
        return await asyncio.to_thread(runner.invoke, cli, ["doctor"])

    return examine


def as_owner(module_database, statement):
    """Run a statement as the database's owner."""
    with psycopg.connect(module_database.owner_url, autocommit=True) as connection:
        connection.execute("set search_path to kaohe, public")
        return connection.execute(statement).rowcount


@pytest.mark.clause("R3.2.2")
async def test_what_the_service_wrote_is_sound(centre, doctor):
    """Cars and drivers are held as the events say."""
    assert "as the owner:" not in (await doctor()).output


SHORTER = (
    "update reservations set during = tstzrange(lower(during), upper(during) - interval '1 hour')"
    " where tenant_id = '{tenant}' and key = 'driver'"
)
FOREIGN = (
    "insert into reservations values ('{tenant}', '{other}', 'vehicle', 'vehicle', '{other}',"
    " tstzrange('2026-03-04 09:00+08', null))"
)
DAMAGE = {
    "missing": ("delete from reservations where tenant_id = '{tenant}' and key = 'vehicle'", "no row keeps it"),
    "wrong window": (SHORTER, "its row keeps driver"),
    "too many": (FOREIGN, "which does not hold it by its events"),
    "wrong car": (
        "update reservations set resource_id = '{other}' where tenant_id = '{tenant}' and key like 'maintenance%'",
        "its row keeps vehicle",
    ),
}


@pytest.mark.clause("R3.2.2")
@pytest.mark.parametrize(("damage", "found"), DAMAGE.values(), ids=DAMAGE)
async def test_a_damaged_row_is_found_and_the_advice_mends_it(centre, doctor, module_database, damage, found):
    """Missing, too many, or another window or car: each is told with the statement that puts it right."""
    values = {"tenant": centre.admin.tenant, "other": uuid4()}
    assert as_owner(module_database, damage.format(**values)) == 1
    said = await doctor()
    assert said.exit_code == 1
    assert said.output.count(found) == 1
    [advice] = [line.partition("as the owner: ")[2] for line in said.output.splitlines() if "as the owner:" in line]
    assert str(centre.admin.tenant) in advice
    assert as_owner(module_database, advice) == 1
    mended = await doctor()
    assert "as the owner:" not in mended.output


async def test_the_doctor_changes_nothing(centre, api, doctor):
    """It reads."""
    before = await position_of(api, centre.admin.tenant)
    await doctor()
    assert await position_of(api, centre.admin.tenant) == before
