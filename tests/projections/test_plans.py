"""No list reads another tenant's rows to find its own: among many tenants every table is reached by an index."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.kernel import Actor, derived_id
from infra.database import Database
from projections import (
    fee_lists,
    fee_notices,
    fleet_rows,
    quality_board,
    quality_figures,
    quality_matter_lists,
    settlements,
)
from projections import fleet_board as fleet
from projections.access_log import AccessesAsked
from projections.access_log import question as access_question
from projections.accountability import ACCOUNTABILITY
from projections.accountability_board import CasesAsked, LimitsAsked, case_question, limit_question
from projections.appraisal_effects import EffectsAsked, effect_question
from projections.asking import select
from projections.catalogue import PROJECTIONS
from projections.complaint_times import TimesAsked
from projections.complaint_times import question as times_question
from projections.complaints_board import ComplaintsAsked, due_question
from projections.complaints_board import question as complaint_question
from projections.contract_lists import deposit_question, project_question
from projections.deposit_statement import EntriesAsked, owed_question, question
from projections.documents import DOCUMENTS_TABLE, DocumentRow, DocumentsAsked, code_question
from projections.documents import question as document_question
from projections.duties import DUTIES
from projections.duty_board import (
    DaysAsked,
    IssuesAsked,
    OwedAsked,
    calendar_question,
    compliance_question,
    issue_question,
)
from projections.duty_board import owed_question as owed_duty_question
from projections.evidence import ATTACHED
from projections.fees import FEES
from projections.goods import GOODS
from projections.inspection_lists import InspectionsAsked, inspection_question, site_question
from projections.inspections import INSPECTIONS
from projections.monthly_scores import ScoresAsked, summary_question
from projections.monthly_scores import question as scores_question
from projections.nonconformities import NONCONFORMITIES
from projections.open_assessments import question as open_question
from projections.penalty_statement import (
    StatementAsked,
    double_draws_question,
    entries_question,
    ledgers_question,
    totals_question,
)
from projections.quality import QUALITY
from projections.quality_matters import QUALITY_MATTERS
from projections.scorecards import SCORECARDS
from services.runtime.access_log import note
from tests.domain.complaint_given import lodge
from tests.projections.complaint_stories import Told as ComplaintsTold
from tests.projections.folding import fold, placed, year
from tests.projections.goods_lists import goods_lists
from tests.projections.penalty_stories import Told as PenaltiesTold
from tests.projections.stories import PROJECTS, Story

TENANTS = 1_500
STEPS = ("pay", "failed", "excellent", "failed", "failed", "incident", "open")
STORY = [(name, project, 0) for name in STEPS for project in (0, 1)]
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SOME = PROJECTS[0]
DEPOSIT = derived_id(SOME, "deposit")


@pytest.fixture
async def crowd(database, module_database):
    """A tenant with a story behind it, among many others of whom the same is told, with statistics of all tables."""
    tenant = uuid4()
    await fold(database, tenant, placed(Story().tell(STORY).log))
    await _trouble(database, tenant)
    await _papers(database, tenant)
    await _fleet(database, tenant)
    await fold(database, tenant, [each for each in placed(year().log) if type(each.event) in ACCOUNTABILITY.events])
    await _complaints(database, tenant)
    await _penalties(database, tenant)
    folded = (ACCOUNTABILITY, DUTIES, INSPECTIONS, NONCONFORMITIES, QUALITY, QUALITY_MATTERS, FEES, GOODS)
    told = {event for projection in folded for event in projection.events}
    await fold(database, tenant, [each for each in placed(year().log) if type(each.event) in told])
    tables = [table for projection in PROJECTIONS for table in projection.tables]
    with psycopg.connect(module_database.owner_url, autocommit=True) as connection:
        connection.execute("set search_path to kaohe")
        for table in (*tables, "projections", "reaction_refusals", "deadlines", "access_log", "fee_runs", "events"):
            connection.execute(
                f"create temp table others as select * from {table} where tenant_id = '{tenant}';"
                f"insert into {table} select (jsonb_populate_record(o, jsonb_build_object('tenant_id', t))).*"
                f" from others o, (select gen_random_uuid() as t from generate_series(1, {TENANTS})) g;"
                "drop table others"
            )
        connection.execute("analyze")
    return tenant


async def _complaints(database: Database, tenant: UUID) -> None:
    """Complaints in several statuses, each concerning two departments."""
    told = ComplaintsTold()
    for n in range(12):
        case = told.begin(lodge(), NOW + timedelta(minutes=n))
        told.tell(case, ["assign", "start", "propose", "sign", "sign", "answer", "settle"][: n % 8])
    await fold(database, tenant, told.log)


async def _penalties(database: Database, tenant: UUID) -> None:
    """Fines of several people, some of them twice for one act."""
    told = PenaltiesTold()
    for n in range(12):
        told.issue(n % 4, f"e{n}", 10_000 + n, ("R11.2.2", "R11.3")[n % 2], f"act{n // 8}")
    await fold(database, tenant, told.log)


async def _papers(database: Database, tenant: UUID) -> None:
    """A few documents of two kinds."""
    rows = [
        DocumentRow(
            document_id=uuid4(),
            drawn_position=n,
            kind=("complaint_form", "penalty_slip")[n % 2],
            subject_noun="complaint",
            subject_id=SOME if n == 1 else uuid4(),
            organisation="",
            clause="R11.2.1",
            rule_version=1,
            issued_on=NOW.date(),
            replaces=None,
            status="issued",
            issued_position=n + 10,
            year=2026,
            number=n,
            reference=str(n),
            verification=uuid4().hex[:20],
            digest="",
        )
        for n in range(1, 9)
    ]
    async with database.tenant_transaction(tenant) as connection:
        build = await connection.fetchval("select min(build) from projections where tenant_id = $1", tenant)
        await DOCUMENTS_TABLE.save(connection, tenant, build, rows)


async def _fleet(database: Database, tenant: UUID) -> None:
    """A few bookings, cars, drivers, windows and months of units."""
    async with database.tenant_transaction(tenant) as connection:
        build = await connection.fetchval("select min(build) from projections where tenant_id = $1", tenant)
        for n in range(6):
            booking = fleet_rows.BookingRow(
                booking_id=uuid4(),
                requested_position=n,
                unit="教育局",
                category="collective",
                category_zh="",
                category_en="",
                free=False,
                purpose="",
                collective=True,
                party_size=1,
                area="city",
                origin="",
                destination="",
                starts_at=NOW + timedelta(hours=n),
                ends_at=NOW + timedelta(hours=n + 1),
                priority=None,
                urgent=False,
                vehicle_class=None,
                status=("accepted", "dispatched", "refused")[n % 3],
                vehicle_id=SOME,
                driver_id=SOME,
                refused_at=NOW,
            )
            car = fleet_rows.VehicleRow(uuid4(), str(n), "sedan", 4, "C1", "in_service", 0)
            driver = fleet_rows.DriverRow(uuid4(), str(n), None, "C1", "[]", "on_duty")
            window = fleet_rows.WindowRow(str(n), "vehicle", SOME, NOW, None, "")
            month = fleet_rows.SettlementRow(uuid4(), "教育局", f"2026-0{n + 1}", "open", NOW)
            for table, row in (
                (fleet_rows.BOOKINGS, booking),
                (fleet_rows.VEHICLES, car),
                (fleet_rows.DRIVERS, driver),
                (fleet_rows.WINDOWS, window),
                (fleet_rows.SETTLEMENTS, month),
            ):
                await table.save(connection, tenant, build, [row])


async def _trouble(database: Database, tenant: UUID) -> None:
    """Refused reactions and failed deadlines among deadlines that wait, and a file that is attached to something."""
    command = msgspec.json.encode({"command": "lapse_survey", "body": {}})
    async with database.tenant_transaction(tenant) as connection:
        await connection.execute(
            "insert into evidence_attachments values ($1, 1, $2, $3, 'complaint')", tenant, "0" * 64, uuid4()
        )
        for n in range(5):
            await connection.execute(
                "insert into reaction_refusals values ($1, 'settle_month', $2, 0, 'assessment', $3, 'no', '', $4, $5)",
                tenant,
                n,
                uuid4(),
                command,
                NOW + timedelta(minutes=n),
            )
            await connection.execute(
                "insert into deadlines (tenant_id, originator_id, key, due_at, noun, command, failed_at, failure)"
                " values ($1, $2, 'survey', $3, 'assessment', $4, $5, 'gone')",
                tenant,
                uuid4(),
                NOW,
                command,
                NOW if n % 2 else None,
            )
            await connection.execute(
                "insert into fee_runs (tenant_id, period_id, total, started_at, last_step_at)"
                " values ($1, $2, 1, now(), now())",
                tenant,
                uuid4(),
            )
            await connection.execute(
                "insert into events (tenant_id, position, originator_id, originator_version, topic, state, metadata,"
                " recorded_at) values ($1, $2, $3, 1, 'fee_account.opened', '', '', now())",
                tenant,
                n + 1,
                uuid4(),
            )
            reader = Actor(kind="member", id=SOME, name="审计", roles=frozenset({"auditor"}))
            at = NOW + timedelta(minutes=n)
            await note(connection, tenant, reader, at, "history", noun="complaint", stream=SOME)


def lists(tenant):
    """Every list with each of its filters and the place after a row: name, statement, values."""
    asked = {
        "scores": scores_question(tenant, ScoresAsked()),
        "scores after": scores_question(tenant, ScoresAsked(after=("2026-05", SOME))),
        "scores of project": scores_question(tenant, ScoresAsked(project_id=SOME, after=("2026-05", SOME))),
        "scores of months": scores_question(tenant, ScoresAsked(first="2026-03", last="2026-04")),
        "scores of band": scores_question(tenant, ScoresAsked(band="failed")),
        "scores of status": scores_question(tenant, ScoresAsked(status="open")),
        "summaries": summary_question(tenant, 2026, None, SOME),
        "summary": summary_question(tenant, 2026, SOME, None),
        "open": open_question(tenant, None, (NOW, SOME)),
        "open of project": open_question(tenant, SOME, None),
        "projects": project_question(tenant, None, 5),
        "projects of status": project_question(tenant, "active", None),
        "deposits": deposit_question(tenant, status=None, after=5),
        "deposits of status": deposit_question(tenant, status="held", after=None),
        "deposits of project": deposit_question(tenant, project=SOME, status=None, after=None),
        "deposit": deposit_question(tenant, deposit=DEPOSIT, status=None, after=None),
        "statement": question(tenant, DEPOSIT, EntriesAsked(after=2)),
        "statement of dates": question(tenant, DEPOSIT, EntriesAsked(since=NOW, before=NOW)),
        "owed": owed_question(tenant, DEPOSIT),
        **duty_lists(tenant),
        **goods_lists(tenant),
        "documents": document_question(tenant, DocumentsAsked(after=5)),
        "documents of kind": document_question(tenant, DocumentsAsked(kind="complaint_form")),
        "documents of kinds": document_question(tenant, DocumentsAsked(kinds=("complaint_form", "penalty_slip"))),
        "documents of year": document_question(tenant, DocumentsAsked(year=2026, after=5)),
        "documents of subject": document_question(tenant, DocumentsAsked(subject=SOME)),
        "document of code": code_question(tenant, "0f" * 10),
        "cases": case_question(tenant, CasesAsked(after=5), NOW),
        "cases for a reader": case_question(tenant, CasesAsked(reader=SOME), NOW),
        "limits for a reader": limit_question(tenant, LimitsAsked(reader=SOME), NOW),
        "effects for a reader": effect_question(tenant, EffectsAsked(reader=SOME)),
        "cases of status": case_question(tenant, CasesAsked(status="closed"), NOW),
        "cases of stage": case_question(tenant, CasesAsked(stage="service"), NOW),
        "cases overdue": case_question(tenant, CasesAsked(overdue=True), NOW),
        "limits": limit_question(tenant, LimitsAsked(after=(NOW, SOME, "service")), NOW),
        "limits of stage": limit_question(tenant, LimitsAsked(stage="service"), NOW),
        "limits of role": limit_question(tenant, LimitsAsked(role="personnel", until=NOW.date()), NOW),
        "limits of days": limit_question(tenant, LimitsAsked(since=NOW.date(), until=NOW.date()), NOW),
        "effects": effect_question(tenant, EffectsAsked(after=("2026-03", "person", str(SOME)))),
        "effects of person": effect_question(tenant, EffectsAsked(person=SOME, month="2026-03")),
        "effects of unit": effect_question(tenant, EffectsAsked(unit="logistics", year=2026)),
        "effects that stand": effect_question(tenant, EffectsAsked(standing=True)),
        "complaints": complaint_question(tenant, ComplaintsAsked(), None),
        "complaints after": complaint_question(tenant, ComplaintsAsked(open=True), 5),
        "complaints of status": complaint_question(tenant, ComplaintsAsked(status="settled"), None),
        "complaints of kind": complaint_question(tenant, ComplaintsAsked(kind="contract", late=True), None),
        "complaints of department": complaint_question(tenant, ComplaintsAsked(department="销售部"), 5),
        "complaints of project": complaint_question(tenant, ComplaintsAsked(project=SOME, paused=True), None),
        "complaints of person": complaint_question(tenant, ComplaintsAsked(person=SOME), None),
        "complaint": complaint_question(tenant, ComplaintsAsked(complaint=SOME), None),
        "complaints due": due_question(tenant, ComplaintsAsked(), None, None),
        "complaints due after": due_question(tenant, ComplaintsAsked(), NOW, (NOW, SOME)),
        "complaint times": times_question(tenant, TimesAsked()),
        "complaint times of department": times_question(tenant, TimesAsked(department="销售部", first="2026-03")),
        "complaint times after": times_question(tenant, TimesAsked(last="2026-08", after=("2026-06", "销售部"))),
        "ledgers": ledgers_question(tenant),
        "ledgers owing": ledgers_question(tenant, owing=True, after=5),
        "ledgers of department": ledgers_question(tenant, department="销售部", subject_kind="person"),
        "ledger of person": ledgers_question(tenant, person=SOME),
        "penalties": entries_question(tenant, StatementAsked(), 5),
        "penalties of ledger": entries_question(tenant, StatementAsked(ledger=SOME), 5),
        "penalties of person": entries_question(tenant, StatementAsked(person=SOME), None),
        "penalties of department": entries_question(tenant, StatementAsked(department="销售部"), 5),
        "penalties of months": entries_question(tenant, StatementAsked(first="2026-03", last="2026-05"), None),
        "penalties of clause": entries_question(tenant, StatementAsked(clause="R11.3"), None),
        "penalties of person together": totals_question(tenant, StatementAsked(person=SOME)),
        "penalties of department together": totals_question(tenant, StatementAsked(department="销售部")),
        "penalties of month together": totals_question(tenant, StatementAsked(first="2026-03", last="2026-03")),
        "double draws": double_draws_question(tenant, None),
        "double draws after": double_draws_question(tenant, (SOME, "act")),
        "accesses": access_question(tenant, AccessesAsked()),
        "accesses after": access_question(tenant, AccessesAsked(after=(NOW, SOME))),
        "accesses of a person": access_question(tenant, AccessesAsked(person=SOME)),
        "accesses of a kind": access_question(tenant, AccessesAsked(what="history", after=(NOW, SOME))),
        "accesses of a noun": access_question(tenant, AccessesAsked(noun="complaint", since=NOW)),
        "accesses of a stream": access_question(tenant, AccessesAsked(stream=SOME, before=NOW)),
    }
    asked |= {
        "bookings": fleet.bookings_question(tenant, fleet.BookingsAsked(after=5)),
        "bookings of unit": fleet.bookings_question(tenant, fleet.BookingsAsked(unit="教育局", after=5)),
        "bookings of status": fleet.bookings_question(tenant, fleet.BookingsAsked(status="accepted")),
        "bookings of days": fleet.bookings_question(tenant, fleet.BookingsAsked(since=NOW, until=NOW)),
        "waiting": fleet.waiting_question(tenant, NOW, NOW),
        "a day's bookings": fleet.overlapping_question(tenant, NOW, NOW, fleet.HELD),
        "trips not back": fleet.not_back_question(tenant, NOW),
        "a car's": fleet.held_by_question(tenant, "vehicle", SOME, NOW, NOW),
        "a driver's": fleet.held_by_question(tenant, "driver", SOME, NOW, NOW),
        "windows": fleet.windows_question(tenant, NOW, NOW),
        "windows of one": fleet.windows_question(tenant, NOW, NOW, SOME),
        "cars": fleet.vehicles_question(tenant, SOME),
        "drivers": fleet.drivers_question(tenant, SOME),
        "utilisation": fleet.utilisation_question(tenant, NOW, NOW),
        "refusals": fleet.refusals_question(tenant, NOW, NOW),
        **fee_lists_asked(tenant),
        "settlements": settlements.question(tenant, after=("2026-05", SOME)),
        "settlements of unit": settlements.question(tenant, unit="教育局"),
        "settlements of month": settlements.question(tenant, month="2026-05"),
    }
    asked |= quality_lists(tenant)
    yield from ((name, *one.statement(51)) for name, one in asked.items())
    yield "scorecards", SCORECARDS, [tenant, derived_id(SOME, "assessment", "2026-03"), None, 200]
    yield "a closing", fee_lists.CLOSING, [tenant]
    yield "a closing's accounts", fee_lists.COUNT, [tenant, SOME, 50]
    yield "a closing's turn", fee_lists.TURN, [tenant, SOME, 50, SOME, 100]
    yield "attachments", ATTACHED, [tenant, ["0" * 64]]
    yield "attention", select("attention"), [tenant, 51, None, None]
    yield "attention after", select("attention"), [tenant, 51, NOW, "reaction/settle_month/1/0"]


def fee_lists_asked(tenant):
    """The lists of fee accounts, periods and notices."""
    return {
        "fee accounts": fee_lists.account_question(tenant, after=("1", "1-101", SOME)),
        "fee accounts of project": fee_lists.account_question(tenant, project=SOME),
        "fee periods": fee_lists.period_question(tenant, after=("2026-05", SOME)),
        "fee periods of project": fee_lists.period_question(tenant, project=SOME),
        "fee period": fee_lists.period_question(tenant, period=SOME),
        "fee notices": fee_notices.question(tenant, SOME, reminders=False).then("order by n.serial, n.level"),
        "fee reminders": fee_notices.question(tenant, SOME, reminders=True).then("order by n.serial, n.level"),
        "fee notices of a part": fee_notices.part(tenant, SOME, level=0, first=1, last=50),
        "fee notice of code": fee_notices.code_question(tenant, "0f" * 10),
    }


def duty_lists(tenant):
    """The lists of duties and nonconformities."""
    days = {"first": NOW.date(), "last": NOW.date() + timedelta(days=400)}
    return {
        "owed duties": owed_duty_question(tenant, OwedAsked(opens_before=NOW, after=(NOW, SOME))),
        "owed of person": owed_duty_question(tenant, OwedAsked(opens_before=NOW, person=SOME, roles=("operator",))),
        "owed of role": owed_duty_question(tenant, OwedAsked(opens_before=NOW, roles=("operator",))),
        "owed of place": owed_duty_question(tenant, OwedAsked(opens_before=NOW, scope=SOME)),
        "compliance": compliance_question(tenant, DaysAsked(**days), None),
        "compliance after": compliance_question(tenant, DaysAsked(**days), ("2026-06", SOME, "operator")),
        "compliance of place": compliance_question(tenant, DaysAsked(scope=SOME, **days), None),
        "calendar": calendar_question(tenant, DaysAsked(role="operator", **days)),
        "calendar of person": calendar_question(tenant, DaysAsked(person=SOME, **days)),
        "sites": site_question(tenant, status="open", after=5),
        "sites of project": site_question(tenant, project=SOME),
        "inspections": inspection_question(tenant, InspectionsAsked(after=5)),
        "inspections of site": inspection_question(tenant, InspectionsAsked(site=SOME, level="operator")),
        "inspections of project": inspection_question(tenant, InspectionsAsked(project=SOME)),
        "inspections of level": inspection_question(tenant, InspectionsAsked(level="supervisor", after=5)),
        "inspections of status": inspection_question(tenant, InspectionsAsked(status="planned")),
        "inspections of days": inspection_question(tenant, InspectionsAsked(**days)),
        "nonconformities": issue_question(tenant, IssuesAsked(after=5)),
        "nonconformities of status": issue_question(tenant, IssuesAsked(status="open", overdue=True)),
        "nonconformities of project": issue_question(tenant, IssuesAsked(project=SOME)),
    }


def quality_lists(tenant):
    """The lists and figures of quality monitoring."""
    first, last = NOW.date(), NOW.date() + timedelta(days=29)
    return {
        "months of sheets": quality_board.months_question(tenant, "2026-06"),
        "month of sheets": quality_board.months_question(tenant, "2026-06", SOME),
        "sums of sheets": quality_board.sheet_sums_question(tenant, first, last),
        "sums of duties": quality_board.duty_sums_question(tenant, [SOME], first, last),
        "actuals": quality_board.actuals_question(tenant, SOME),
        "actuals of department": quality_board.actuals_question(tenant, SOME, SOME),
        "quality reports": quality_board.report_question(tenant, ("2026-06", SOME), "monthly"),
        "measures": quality_board.measure_question(tenant, "open", (first, SOME, 1)),
        "departments": quality_figures.departments_question(tenant, last),
        "places of departments": quality_board.places_question(tenant),
        "all months of sheets": quality_board.all_months_question(tenant),
        "issues of projects": quality_figures.issue_sums_question(tenant, first, last, projects=[SOME]),
        "issues of sheets": quality_figures.issue_sums_question(tenant, first, last, sources=[SOME]),
        "sums of reports": quality_figures.line_sums_question(tenant, "2026-01", "2026-12"),
        "measurements": quality_figures.measured_question(tenant, first, last),
        "liaisons": quality_matter_lists.liaison_question(tenant, after=5),
        "liaisons of person": quality_matter_lists.liaison_question(tenant, person=SOME),
        "liaisons of status": quality_matter_lists.liaison_question(tenant, status="issued"),
        "awards": quality_matter_lists.award_question(tenant, after=5),
        "awards of status": quality_matter_lists.award_question(tenant, status="filed"),
        "goals": quality_matter_lists.goals_question(tenant, quality_matter_lists.GoalsAsked(after=5)),
        "goals of year": quality_matter_lists.goals_question(
            tenant, quality_matter_lists.GoalsAsked(year="2026", status="adopted")
        ),
        "goals of department": quality_matter_lists.goals_question(
            tenant, quality_matter_lists.GoalsAsked(department=SOME)
        ),
        "goals of person": quality_matter_lists.goals_question(tenant, quality_matter_lists.GoalsAsked(person=SOME)),
        "departments after": quality_matter_lists.department_question(tenant, SOME),
    }


def nodes(plan):
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


async def test_no_list_scans_a_table_of_all_tenants(database, crowd):
    """Each list, under each filter, reaches every table by an index that leads with the tenant, plans kept or not."""
    async with database.tenant_transaction(crowd, read_only=True) as connection:
        for mode in ("force_custom_plan", "force_generic_plan"):
            await connection.execute(f"set local plan_cache_mode = {mode}")
            for name, text, values in lists(crowd):
                (plan,) = msgspec.json.decode(await connection.fetchval(f"explain (format json) {text}", *values))
                for node in nodes(plan["Plan"]):
                    assert node["Node Type"] != "Seq Scan", (name, node)
                    if "Index Name" in node:
                        assert "tenant_id" in node["Index Cond"], (name, node)
