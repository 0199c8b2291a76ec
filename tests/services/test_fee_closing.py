"""The closing of a fee period: a run over all accounts that ends once, whatever happens to who does it."""

import asyncio
import io
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import pypdf
import pytest

from domain.kernel import derived_id
from services.settings import Settings, to_environment
from services.worker.closing import PAGE, close_periods
from services.worker.settling import follow
from services.worker.work import work_of
from tests.services.conftest import Api
from tests.services.fees_given import Estate, estate_of, notices_of, run_of, until_done
from tests.services.test_worker_process import start

KILLED = 700
APRIL = (2026, 4, 2)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 400)


@pytest.fixture
async def estate(api: Api) -> Estate:
    """A company with a period to close."""
    estate = await estate_of(api)
    await estate.open_period()
    return estate


@pytest.mark.clause("R13.4.2.1")
async def test_a_closing_charges_each_account_once_and_shows_how_far_it_is(estate: Estate) -> None:
    """Page by page; the period lists done and total; each account has one notice, numbered from one without a gap."""
    await estate.units(range(PAGE + 20))
    await estate.at(*APRIL)
    await estate.close()
    work, asked = work_of(estate.api.desk.runtime), iter((True, False))
    await follow(work, estate.tenant)
    assert await close_periods(work, estate.tenant, lambda: next(asked)) == 1
    [half] = (await estate["finance"].get("/v1/fee-periods")).json()["items"]
    assert (half["status"], half["progress"]["done"], half["progress"]["total"]) == ("closing", PAGE, PAGE + 20)
    assert half["progress"]["finished_at"] is None
    [whole] = (await estate.read("/v1/fee-periods"))["items"]
    assert (whole["status"], whole["notices"], whole["progress"]["done"]) == ("closed", PAGE + 20, PAGE + 20)
    assert whole["amount_fen"] == (22_125 + 120) * (PAGE + 20)
    assert (whole["number_year"], whole["first_number"]) == (2026, 1)
    notices = await notices_of(estate.api.desk.runtime.database, estate.tenant)
    assert len({account for account, _ in notices}) == len(notices) == PAGE + 20
    assert [serial for _, serial in notices] == list(range(1, PAGE + 21))


@pytest.mark.clause("R13.4.2.1")
async def test_what_comes_or_changes_while_a_closing_runs(estate: Estate) -> None:
    """An account begun meanwhile has no turn; one that changed is charged by its terms when its turn comes."""
    await estate.units(range(PAGE + 5))
    await estate.at(*APRIL)
    await estate.close()
    work, asked = work_of(estate.api.desk.runtime), iter((True, False))
    await follow(work, estate.tenant)
    await close_periods(work, estate.tenant, lambda: next(asked))
    charged = {account for account, _ in await notices_of(estate.api.desk.runtime.database, estate.tenant)}
    [first, *_] = [n for n in range(PAGE + 5) if estate.account(n) not in charged]
    [had, *_] = [n for n in range(PAGE + 5) if estate.account(n) in charged]
    await estate.units([9_999])
    area = {"area_m2": "100", "from_month": "2026-03", "reason": "实测"}
    await estate.send(f"/v1/fee-accounts/{estate.account(first)}/revise-area", area)
    refused = await estate["fee_collector"].post(f"/v1/fee-accounts/{estate.account(had)}/revise-area", area)
    assert (refused.status_code, refused.json()["code"]) == (422, "month_charged")
    await estate.settle()
    run = await run_of(estate.api.desk.runtime.database, estate.tenant, estate.period())
    assert (run["total"], run["done"]) == (PAGE + 5, PAGE + 5)
    changed = (await estate.read(f"/v1/fee-accounts/{estate.account(first)}"))["state"]
    late = (await estate.read(f"/v1/fee-accounts/{estate.account(9_999)}"))["state"]
    assert (changed["balance_fen"], late["balance_fen"]) == (25_120, 0)


@pytest.mark.clause("R13.4.2.1")
async def test_a_run_whose_place_was_lost_charges_nobody_twice(estate: Estate) -> None:
    """Wound back to its beginning, it finds who was charged, goes on with the numbers, and comes to the same sums."""
    await estate.units(range(PAGE + 20))
    await estate.at(*APRIL)
    await estate.close()
    work, asked = work_of(estate.api.desk.runtime), iter((True, False))
    await follow(work, estate.tenant)
    await close_periods(work, estate.tenant, lambda: next(asked))
    database = estate.api.desk.runtime.database
    async with database.tenant_transaction(estate.tenant) as connection:
        await connection.execute(
            "update fee_runs set after_account = null, done = 0, notices = 0, amount_fen = 0 where tenant_id = $1",
            estate.tenant,
        )
    await estate.settle()
    notices = await notices_of(database, estate.tenant)
    assert len({account for account, _ in notices}) == len(notices) == PAGE + 20
    assert [serial for _, serial in notices] == list(range(1, PAGE + 21))
    run = await run_of(database, estate.tenant, estate.period())
    assert (run["done"], run["notices"], run["refused"]) == (PAGE + 20, PAGE + 20, 0)
    assert run["amount_fen"] == (22_125 + 120) * (PAGE + 20)


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_who_pays_while_a_closing_runs_loses_nothing(estate: Estate) -> None:
    """A page that a payment overtook is decided anew: each unit has its notice, and each payment is booked."""
    units = 2 * PAGE
    await estate.units(range(units))
    await estate.at(*APRIL)
    await estate.close()
    work = work_of(estate.api.desk.runtime)
    await follow(work, estate.tenant)

    async def pay(number: int) -> None:
        body = {"amount_fen": 1_000, "reference": "现金"}
        await estate.send(f"/v1/fee-accounts/{estate.account(number)}/receive-fee", body)

    await asyncio.gather(close_periods(work, estate.tenant), *(pay(number) for number in range(0, units, 4)))
    await estate.settle()
    database = estate.api.desk.runtime.database
    notices = await notices_of(database, estate.tenant)
    assert [serial for _, serial in notices] == list(range(1, units + 1))
    async with database.tenant_transaction(estate.tenant, read_only=True) as connection:
        rows = await connection.fetch(
            "select balance_fen, count(*) as units from fee_accounts where tenant_id = $1 group by 1", estate.tenant
        )
    assert {row["balance_fen"]: row["units"] for row in rows} == {22_245: units * 3 // 4, 21_245: units // 4}


@pytest.mark.clause("R13.4.2.1")
async def test_by_the_other_reading_a_closing_reminds_those_who_owe(estate: Estate) -> None:
    """Whoever has paid ahead has no notice and no number; the papers are QR-7510-02."""
    drafter = await estate.api.member(estate.admin, "rules_drafter")
    publisher = await estate.api.member(estate.admin, "rules_publisher")
    book = f"/v1/rule-books/{derived_id(estate.tenant, 'rule_book', 'R13')}"
    drafted = await drafter.post(
        f"{book}/draft-version", {"changes": {"notice": "reminder_to_unpaid"}, "note": "直接催缴"}
    )
    assert drafted.status_code == 200, drafted.text
    published = await publisher.post(f"{book}/publish-version", {"version": 2, "effective_from": "2026-04-01"})
    assert published.status_code == 200, published.text
    await estate.open_period("2026-04")
    await estate.units(range(5))
    ahead = {"amount_fen": 50_000, "reference": "预缴"}
    await estate.send(f"/v1/fee-accounts/{estate.account(2)}/receive-fee", ahead)
    await estate.at(2026, 4, 30)
    await estate.close("2026-04")
    shown = await estate.read(f"/v1/fee-periods/{estate.period('2026-04')}/progress")
    assert (shown["period"]["notices"], shown["period"]["progress"]["done"]) == (4, 5)
    printed = await estate["finance"].get(f"/v1/fee-periods/{estate.period('2026-04')}/notices.pdf")
    pages = [page.extract_text().replace(" ", "") for page in pypdf.PdfReader(io.BytesIO(printed.content)).pages]
    assert len(pages) == 4
    assert all("QR-7510-02" in page and "费用催交通知单" in page for page in pages)
    await estate.at(2026, 5, 20)
    assert (await estate.read(f"/v1/fee-accounts/{estate.account(2)}"))["state"]["balance_fen"] == 22_245 - 50_000


@pytest.mark.clause("R13.4.2.1")
async def test_two_periods_never_share_a_month_of_a_project(estate: Estate) -> None:
    """The store refuses the second; another project's month is another month."""
    body = {"project_id": str(estate.project), "name": "东校区", "first_month": "2026-03"}
    again = await estate["finance"].post("/v1/fee-periods", body)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    drafter = await estate.api.member(estate.admin, "rules_drafter")
    publisher = await estate.api.member(estate.admin, "rules_publisher")
    book = f"/v1/rule-books/{derived_id(estate.tenant, 'rule_book', 'R13')}"
    drafted = await drafter.post(f"{book}/draft-version", {"changes": {"period_months": 3}, "note": "按季"})
    assert drafted.status_code == 200, drafted.text
    published = await publisher.post(f"{book}/publish-version", {"version": 2, "effective_from": "2026-03-03"})
    assert published.status_code == 200, published.text
    await estate.send("/v1/fee-periods", {**body, "first_month": "2026-04"}, "finance")
    overlapping = await estate["finance"].post("/v1/fee-periods", {**body, "first_month": "2026-06"})
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "already_taken")
    await estate.send("/v1/fee-periods", {**body, "project_id": str(uuid4()), "first_month": "2026-06"}, "finance")


@pytest.mark.clause("R13.4.2.1")
async def test_a_worker_killed_in_the_middle_leaves_no_second_notice(api: Api, settings: Settings) -> None:
    """SIGKILL within a run of hundreds; the next worker goes on, and each account has exactly one notice."""
    api.clock.now = datetime.now(UTC)
    estate = await estate_of(api)
    await estate.open_period("2026-10")
    await estate.units(range(KILLED))
    await estate.close("2026-10")
    database, period = api.desk.runtime.database, estate.period("2026-10")
    environment = to_environment(settings)
    process = start(environment)
    try:
        await until_done(database, estate.tenant, period, 1)
    finally:
        process.kill()
        process.communicate()
    killed_at = await run_of(database, estate.tenant, period)
    assert 0 < killed_at["done"] < KILLED
    process = start(environment)
    try:
        await until_done(database, estate.tenant, period, KILLED)
        while (run := await run_of(database, estate.tenant, period))["finished_at"] is None:
            assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    notices = await notices_of(database, estate.tenant)
    assert {account for account, _ in notices} == {estate.account(number) for number in range(KILLED)}
    assert [serial for _, serial in notices] == list(range(1, KILLED + 1))
    assert (run["total"], run["done"], run["notices"]) == (KILLED, KILLED, KILLED)
