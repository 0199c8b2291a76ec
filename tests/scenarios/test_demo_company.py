"""The property company of the demonstration: its quarter of inspections, a liability, fees, a rejected delivery."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.demo.company_page import company_tables
from services.demo.company_report import CompanyReport, company_report
from services.demo.load import load
from services.demo.story import organisations
from services.runtime.runtime import open_runtime
from tests.conftest import Addresses, TestDatabase
from tests.scenarios.demo_year import Loaded, every_row, load_year, quiet, settings_of

[COMPANY] = [one for one in organisations() if one.company is not None]
assert COMPANY.company is not None
TOLD, SLUG = COMPANY.company, COMPANY.story.slug
LEVELS = {post.level for post in TOLD.posts}
PRICE_FEN = 250
CUT_AT = 301


class Cut(Exception):  # noqa: N818 - not a fault
    """The load is broken off."""


class Quarter(msgspec.Struct, frozen=True):
    """The loaded company: its events, and what the page shows."""

    loaded: Loaded
    report: CompanyReport

    def events(self, topic: str) -> list[dict[str, Any]]:
        """The events of a topic, oldest first."""
        return [msgspec.json.decode(row.state) for row in self.loaded.rows[SLUG] if row.topic == topic]


async def lived(loaded: Loaded) -> Quarter:
    """What the page shows of what was loaded."""
    async with open_runtime(loaded.settings) as runtime:
        report = await company_report(runtime, loaded.tenants[SLUG], COMPANY)
    assert report is not None
    return Quarter(loaded, report)


@pytest.fixture(scope="module")
def quarter(
    module_database: TestDatabase, servers: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Quarter]:
    """The quarter, loaded once for this module."""
    settings = settings_of(module_database, servers)

    async def told() -> Quarter:
        return await lived(await load_year(settings, tmp_path_factory.mktemp("demo"), (COMPANY,)))

    return asyncio.run(told())


@pytest.mark.clause("R12.5.1")
def test_five_levels_inspect_for_a_quarter_and_miss_what_the_file_says_they_miss(quarter: Quarter) -> None:
    """Each level met and some missed windows; what is counted by month is what happened."""
    met, missed = (
        [event for event in quarter.events(topic) if event["window"]["last_on"] <= TOLD.ends_on.isoformat()]
        for topic in ("duty.met", "duty.missed")
    )
    counted: Counter[tuple[str, str]] = Counter()
    for row in quarter.report.compliance:
        counted[row.role, "met"] += row.met
        counted[row.role, "missed"] += row.missed
    happened = Counter((event["holder"]["role"], "met") for event in met)
    happened += Counter((event["holder"]["role"], "missed") for event in missed)
    # departments, which owe sheets and reports, are no place of the project's
    happened = Counter({(role, what): n for (role, what), n in happened.items() if role in LEVELS})
    assert +counted == happened
    assert {role for role, what in happened if what == "met"} == LEVELS
    away = {day.isoformat() for post in TOLD.posts if post.level == "supervisor" for day in post.missed}
    lapses = [one["window"]["last_on"] for one in missed if one["holder"]["role"] == "supervisor"]
    assert away <= set(lapses)
    assert {row.month for row in quarter.report.compliance} == {"2026-01", "2026-02", "2026-03"}


@pytest.mark.clause("R12.5.3.2", "R12.5.3.5", "R12.5.4")
def test_findings_of_four_classes_end_effective_and_one_made_people_answer(quarter: Quarter) -> None:
    """What the lead found and the supervisor found again: decided by him, approved by the head, corrected, verified."""
    classes = {event["item_class"] for event in quarter.events("inspection.point_recorded")}
    assert classes == {"environment", "security", "maintenance", "customer_service"}
    [found] = quarter.events("nonconformity.liability_found")
    assert [link["level"] for link in found["chain"]] == ["area_lead", "supervisor"]
    assert [one["level"] for one in found["liable"]] == ["area_lead", "operator"]
    assert found["may_approve"]["level"] == "project_head"
    [approved] = quarter.events("nonconformity.liability_approved")
    assert approved["approved_by"] in found["may_approve"]["persons"]
    assert len(quarter.events("nonconformity.correction_overdue")) == 1
    of_sites = [issue for issue in quarter.report.issues if issue.clause.id.startswith("R12")]
    assert {issue.status for issue in of_sites} == {"effective"}
    assert len(of_sites) == 4


@pytest.mark.clause("R13.4.2.1", "R13.4.2.4")
def test_accounts_are_what_was_charged_less_what_was_paid(quarter: Quarter) -> None:
    """Three months by the area, payments as in the file; one paid too much at first, some were reminded."""
    paid: Counter[str] = Counter()
    for payment in TOLD.payments:
        paid[payment.unit] += payment.amount_fen
    for line, entry in zip(quarter.report.accounts, TOLD.accounts, strict=True):
        charged = int(3 * Decimal(entry.area_m2) * PRICE_FEN)
        assert (line.charged_fen, line.paid_fen) == (charged, paid[entry.unit]), entry.unit
        assert line.balance_fen == charged - paid[entry.unit]
    balances = [event["balance_after_fen"] for event in quarter.events("fee_account.received")]
    assert min(balances) < 0
    assert quarter.events("fee_account.reminded")
    closed = quarter.events("fee_period.closed")
    assert [(one["accounts"], one["notices"], one["refused"]) for one in closed] == 3 * [(len(TOLD.accounts), 6, 0)]
    assert {event["form"] for event in quarter.events("fee_account.period_charged")} == {"QR-7510-01"}
    handed = quarter.events("fee_book.handed_over")
    assert sum(one["due"]["cash_fen"] for one in handed) == sum(paid.values())


@pytest.mark.clause("R13.4.2.8", "R13.4.3")
def test_the_repair_fund_stands_apart_and_the_accounts_are_published(quarter: Quarter) -> None:
    """What was paid in less one repair is in the fund; the half-year that was over was published in time."""
    [spent] = quarter.events("repair_fund.spent")
    assert (spent["purpose"], spent["balance_after_fen"]) == ("electrical", 500_000 - spent["amount_fen"])
    [published] = quarter.events("fee_book.accounts_published")
    assert (published["first_month"], published["name"], published["entries"]) == ("2025-07", TOLD.project, 2)
    assert published["spent_fen"] == {"cleaning": 18_600}
    assert not quarter.events("fee_book.publication_overdue")


@pytest.mark.clause("R15.5.2")
def test_the_rejected_delivery_was_never_stored_and_its_replacement_was(quarter: Quarter) -> None:
    """The first lot failed, is a nonconformity and was replaced; of the second 24 were stored and four issued."""
    first, second = quarter.report.deliveries
    assert (first.lot, first.status, first.reasons) == ("D1", "replaced", ["certificate"])
    assert (second.lot, second.status, second.replaces) == ("D2", "stored", first.receipt_id)
    [stock] = quarter.report.stocks
    assert (stock.stored, stock.issued, stock.on_hand) == (24, 4, 20)
    [raised] = [issue for issue in quarter.report.issues if issue.clause.id == "R15.5.2"]
    assert raised.subject == "LED感应灯 D1"
    papers = Counter(event["kind"] for event in quarter.events("document.issued"))
    assert papers == {"goods_receipt_form": 2, "published_accounts": 1, "monthly_quality_report": 2}


@pytest.mark.clause("R15.5.1.1")
def test_the_years_goal_is_taken_up_and_measured(quarter: Quarter) -> None:
    """Written by the quality department, put into force by the general manager, met in January and not in February."""
    [adopted] = quarter.events("quality_goal.adopted")
    assert adopted["clause"] == "R15.5.1.1"
    measured = quarter.events("quality_goal.measured")
    assert [(one["period"], one["value"], one["achieved"]) for one in measured] == [
        ("2026-01", "97.2", True),
        ("2026-02", "93.5", False),
    ]


@pytest.mark.clause("R15.5.1.3.1", "R15.5.1.3.2")
def test_departments_check_themselves_and_two_months_are_reported(quarter: Quarter) -> None:
    """Each working day but the missed ones has its sheet; both reports were in time, and approved."""
    filed, missed = quarter.events("quality_sheet.filed"), quarter.events("duty.missed")
    for one in TOLD.departments:
        sheets = [event for event in filed if event["department"] == one.name]
        assert sum(event["problems"] for event in sheets) == len(one.problems)
        assert not any(event["late"] for event in sheets)
    [told] = [one for one in TOLD.departments if one.missed]
    lapses = [event["window"]["last_on"] for event in missed if event["holder"]["role"] == "department"]
    assert lapses == [day.isoformat() for day in told.missed]
    assert not [event for event in missed if event["holder"]["role"] == "quality_department"]
    submitted = quarter.events("quality_report.submitted")
    assert [(event["period"], event["late"]) for event in submitted] == [("2026-01", False), ("2026-02", False)]
    assert [(each.period, each.status) for each in quarter.report.reports] == [
        ("2026-01", "approved"),
        ("2026-02", "approved"),
    ]
    figures = {one["department"]: one for one in quarter.events("quality_report.compiled")[0]["figures"]}
    january = [event for event in missed if event["window"]["last_on"] < "2026-02"]
    own = [event for event in filed if (event["department"], event["day"][:7]) == (told.name, "2026-01")]
    assert (figures[told.name]["filed"], figures[told.name]["missed"]) == (len(own), len(january))


def test_the_page_shows_duties_issues_accounts_deliveries_and_reports(quarter: Quarter) -> None:
    """A table of each, with a row for each."""
    rows = [table.row_count for table in company_tables(quarter.report)]
    found = quarter.report
    assert rows == [
        len(found.compliance),
        len(found.issues),
        len(found.accounts),
        len(found.deliveries),
        len(found.reports),
    ]
    assert all(rows)


async def test_a_load_that_was_cut_off_finds_the_ids_that_had_come_up(
    anyio_backend: object, fresh_database: TestDatabase, servers: Addresses, quarter: Quarter
) -> None:
    """Cut off in the middle of a day's inspections and loaded on, it has the same history as in one go."""
    settings, loaded = settings_of(fresh_database, servers), quarter.loaded

    def cut(_: str, done: int, __: int) -> None:
        if done == CUT_AT:
            raise Cut

    with pytest.raises(Cut):
        await load(settings, (COMPANY,), loaded.kept, cut)
    [tenant] = (await load(settings, (COMPANY,), loaded.kept, quiet)).values()
    async with open_runtime(settings) as runtime:
        rows = await every_row(runtime, tenant)
    # what follows from steps that are done at once follows earlier that day where the load was cut off among them
    assert Counter((row.topic, row.recorded_at.date()) for row in rows) == Counter(
        (row.topic, row.recorded_at.date()) for row in loaded.rows[SLUG]
    )
