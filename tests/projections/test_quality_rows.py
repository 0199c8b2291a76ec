"""What the lists of quality monitoring hold is what their streams add up to."""

from decimal import Decimal

import pytest

from projections.quality_board import mean
from tests.projections.folding import folded_year, year


async def rows(database, table):
    """The rows of a table after the year."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1 and build = 1", tenant)


def states(noun):
    """The states of a noun's streams at the end of the year."""
    return {stream: state for (each, stream), state in year().states.items() if each == noun}


@pytest.mark.clause("R15.5.1.3.1")
async def test_each_sheet_stands_as_its_stream_says(database):
    """By day: percentage, problems, what was raised, whether it was late."""
    found = {(row["sheets_id"], row["day"]): row for row in await rows(database, "quality_sheets")}
    kept = {
        (stream, day): sheet for stream, state in states("quality_sheet").items() for day, sheet in state.sheets.items()
    }
    assert kept
    assert found.keys() == kept.keys()
    for key, sheet in kept.items():
        row = found[key]
        assert (row["percent"], row["problems"], row["late"]) == (sheet.percent, sheet.problems, sheet.late)
        assert row["raised"] == len(sheet.raised)


@pytest.mark.clause("R15.5.1.3.2")
async def test_each_month_knows_whether_it_was_submitted(database):
    """Every month that a department kept has a row, with the time of its submission where there was one."""
    found = {row["sheets_id"]: row for row in await rows(database, "quality_months")}
    kept = states("quality_sheet")
    assert found.keys() == kept.keys()
    for stream, state in kept.items():
        assert (found[stream]["submitted_at"] is not None) == (state.status == "submitted")
        assert found[stream]["department"] == state.frame.department


@pytest.mark.clause("R15.5.1.1")
async def test_each_year_of_goals_stands_as_its_stream_says(database):
    """The year, whether it is in force, how many goals stand in it."""
    found = {
        row["goals_id"]: (row["year"], row["status"], row["goals"]) for row in await rows(database, "quality_years")
    }
    kept = {stream: (state.year, state.status, len(state.goals)) for stream, state in states("quality_goal").items()}
    assert kept
    assert found == kept


@pytest.mark.clause("R15.5.1.1")
async def test_each_goal_and_measurement_stands_as_its_stream_says(database):
    """Targets of now in the goals, targets of then in the measurements."""
    goals = {(row["goals_id"], row["code"]): row for row in await rows(database, "quality_goals")}
    kept = {
        (stream, code): goal for stream, state in states("quality_goal").items() for code, goal in state.goals.items()
    }
    assert goals.keys() == kept.keys()
    assert all(goals[key]["target"] == goal.target for key, goal in kept.items())
    measured = {
        (row["goals_id"], row["code"], row["period"]): (row["value"], row["target"], row["achieved"])
        for row in await rows(database, "quality_measurements")
    }
    assert measured == {
        (stream, code, period): (one.value, one.target, one.achieved)
        for stream, state in states("quality_goal").items()
        for code, periods in state.measured.items()
        for period, one in periods.items()
    }


@pytest.mark.clause("R15.5.1.3.2")
async def test_each_report_and_measure_stands_as_its_stream_says(database):
    """Status of each report; of approved ones, status, day and level of each measure."""
    reports = {row["report_id"]: row["status"] for row in await rows(database, "quality_reports")}
    kept = states("quality_report")
    assert reports == {stream: state.status for stream, state in kept.items()}
    measures = {
        (row["report_id"], row["number"]): (row["status"], row["due_on"], row["level"])
        for row in await rows(database, "quality_measures")
    }
    assert measures
    assert measures == {
        (stream, number): (one.status, one.measure.due_on, one.lapsed)
        for stream, state in kept.items()
        if state.status == "approved"
        for number, one in state.measures.items()
    }


@pytest.mark.clause("R15.5.1.4", "R15.5.1.3.1")
async def test_a_nonconformity_knows_where_it_was_found(database):
    """The stream of the sheets or the self-check; none where it was raised by hand."""
    found = {row["nonconformity_id"]: row["source_id"] for row in await rows(database, "nonconformities")}
    kept = {stream: state.source_id for stream, state in states("nonconformity").items()}
    assert found == kept
    assert len({source for source in kept.values() if source}) >= 2


def test_a_mean_is_rounded_half_up_and_there_is_none_of_nothing():
    """To two decimals."""
    assert mean(Decimal("200.01"), 2) == Decimal("100.01")
    assert mean(None, 2) is None
    assert mean(Decimal(0), 0) is None


@pytest.mark.clause("R15.6", "R15.5.1.4")
async def test_each_liaison_sheet_and_application_stands_as_its_stream_says(database):
    """Status of both, who is to answer, what is checked and still open."""
    liaisons = {row["liaison_id"]: (row["status"], row["addressee"]) for row in await rows(database, "liaison_sheets")}
    assert liaisons == {stream: (state.status, state.addressee) for stream, state in states("liaison_sheet").items()}
    awards = {
        row["application_id"]: (row["status"], row["checked"], row["problems"])
        for row in await rows(database, "award_applications")
    }
    assert awards == {
        stream: (state.status, len(state.checked), len(state.problems()))
        for stream, state in states("award_application").items()
    }
