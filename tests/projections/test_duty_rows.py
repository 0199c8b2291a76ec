"""What the lists of duties and nonconformities hold is what their streams add up to."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from domain.duty import events as e
from projections.duties import NOBODY
from projections.duty_board import CalendarDay, rate
from projections.duty_heat import EMPTY, SHADES, heat_map
from tests.projections.folding import folded_year, year

DAY = date(2026, 3, 2)


async def rows(database, table):
    """The rows of a table after the year."""
    tenant = await folded_year(database)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await connection.fetch(f"select * from {table} where tenant_id = $1 and build = 1", tenant)


@pytest.mark.clause("R12.5.1")
async def test_each_duty_stands_in_its_window(database):
    """Status, holder, window, deeds and lapses in a row are those of the stream."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "duty"}
    found = {row["duty_id"]: row for row in await rows(database, "duties")}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row, window = found[stream], state.window
        assert (row["status"], row["role"], row["person"]) == (state.status, state.holder.role, state.holder.person)
        assert (row["performed"], row["times"], row["in_a_row"]) == (state.performed, state.terms.times, state.in_a_row)
        assert row["rule_version"] == state.terms.rule_version
        assert (row["opens_at"], row["closes_at"]) == ((window.opens_at, window.closes_at) if window else (None, None))


@pytest.mark.clause("R12.5.1")
async def test_every_window_that_ended_is_counted_once(database):
    """Of each day: met, missed and excused as the events say, a lapse that was overturned on the other side."""
    counted: Counter[tuple[UUID, date, str]] = Counter()
    for *_, event in year().log:
        if isinstance(event, e.DutyMet | e.DutyMissed):
            kind = "met" if isinstance(event, e.DutyMet) else "missed"
            counted[event.holder.person or NOBODY, event.window.last_on, kind] += 1
        elif isinstance(event, e.LapseOverturned):
            person = event.holder.person or NOBODY
            counted[person, event.last_on, "missed"] -= 1
            counted[person, event.last_on, "excused" if event.ground == "excused" else "met"] += 1
    found: Counter[tuple[UUID, date, str]] = Counter()
    for row in await rows(database, "duty_days"):
        for kind in ("met", "missed", "excused"):
            found[row["person"], row["day"], kind] += row[kind]
    assert +found == +counted
    assert {kind for *_, kind in +counted} == {"met", "missed", "excused"}


@pytest.mark.clause("R12.5.2")
async def test_each_site_stands_as_its_stream_says(database):
    """Open or closed, what its register holds, its posts, how many inspections were planned."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "inspection_site"}
    found = {row["site_id"]: row for row in await rows(database, "inspection_sites")}
    assert states
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        assert (row["name"], row["status"], row["inspections"]) == (state.name, state.status, state.plans)
        for name in ("areas", "units", "items", "posts"):
            assert row[name] == len(getattr(state, name)), name
        assert row["square_m"] == sum(one.square_m for one in state.areas.values())


@pytest.mark.clause("R12.5.3")
async def test_each_inspection_stands_as_its_stream_says(database):
    """Its frame, its status, and when it was begun; completed ones alone have an end and a count of what they found."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "inspection"}
    found = {row["inspection_id"]: row for row in await rows(database, "inspections")}
    assert {state.status for state in states.values()} >= {"completed", "cancelled"}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        for name in ("site_id", "project_id", "post", "level", "person", "planned_for", "scheduled"):
            assert row[name] == getattr(state.frame, name), name
        assert (row["status"], row["begun_at"]) == (state.status, state.begun_at)
        assert (row["completed_at"] is not None) == (row["nonconforming"] is not None) == (state.status == "completed")


@pytest.mark.clause("R12.5.3.5")
async def test_each_nonconformity_stands_as_its_stream_says(database):
    """Status, round, findings, who corrects it and whether it is overdue."""
    states = {stream: state for (noun, stream), state in year().states.items() if noun == "nonconformity"}
    found = {row["nonconformity_id"]: row for row in await rows(database, "nonconformities")}
    assert found.keys() == states.keys()
    for stream, state in states.items():
        row = found[stream]
        assert (row["status"], row["round"]) == (state.status, state.round)
        assert row["times_found"] == max(1, len(state.chain))
        assert row["liabilities"] == len(state.liabilities)
        assert (row["closed_on"] is not None) is (state.status == "effective")


def test_a_rate_is_of_what_was_owed():
    """Two of three are 66.7 per cent; of nothing there is no rate."""
    assert str(rate(2, 1)) == "66.7"
    assert rate(0, 0) is None


def test_the_heat_map_has_a_square_for_each_day():
    """Green where nothing was missed, redder with more, grey without windows; each says its numbers."""
    days = [
        CalendarDay(day=DAY + timedelta(days=n), met=met, missed=missed, excused=0, rate=rate(met, missed))
        for n, (met, missed) in enumerate([(5, 0), (19, 1), (4, 1), (3, 2), (1, 4), (0, 0)])
    ]
    drawn = heat_map(days, date(2026, 3, 1), date(2026, 3, 31))
    squares = [line for line in drawn.splitlines() if line.startswith("<rect")]
    assert len(squares) == 31
    fills = [line.split('fill="')[1].split('"')[0] for line in squares]
    assert fills[:8] == [EMPTY, *SHADES, EMPTY, EMPTY]
    assert "2026-03-06 完成 met 1 未完成 missed 4" in squares[5]
