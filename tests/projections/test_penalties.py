"""Penalty statements: totals to the fen as the ledgers' own folds have them, over stories told at random."""

from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.penalty_ledger import double_draws, totals
from domain.reactions.penalties import ledger_id
from projections import penalty_statement as statement
from projections.penalty_statement import StatementAsked
from tests.projections.folding import contents, fold
from tests.projections.penalty_stories import PEOPLE, SUBJECTS, UNIT, Told, steps

RANDOMLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def together(sums):
    """Several totals as one."""
    fields = statement.LedgerTotals.__struct_fields__
    return statement.LedgerTotals(**{field: sum(getattr(each, field) for each in sums) for field in fields})


@RANDOMLY
@given(told_=steps, batch=st.sampled_from([1, 4, 1_000]))
@pytest.mark.clause("R11.1.10", "R11.1.13", "R11.2.2", "R11.3")
async def test_the_totals_are_the_folds_to_the_fen(database, told_, batch):
    """Of each ledger, of each person, of all together; entry for entry, and act for act."""
    told, tenant = Told(), uuid4()
    told.tell(told_)
    await fold(database, tenant, told.log, batch=batch)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        ledgers = await statement.ledgers(connection, statement.ledgers_question(tenant), 50)
        assert {each.ledger_id: each.totals for each in ledgers} == {
            stream: totals(state) for stream, state in told.states.items()
        }
        assert {each.ledger_id: each.owing for each in ledgers} == {
            stream: state.status == "owing" for stream, state in told.states.items()
        }
        whole = await statement.totals(connection, tenant, StatementAsked())
        assert whole == together([totals(state) for state in told.states.values()])
        for stream, state in told.states.items():
            asked = StatementAsked(ledger=stream)
            assert await statement.totals(connection, tenant, asked) == totals(state)
            shown = await statement.entries(connection, tenant, asked, after=None, limit=100)
            assert [_shown(each) for each in shown] == [_kept(each) for each in state.entries.values()]
        drawn = await statement.double_draws(connection, tenant, None, 100)
    expected = {
        (stream, each.act): (each.clauses, each.entry_keys)
        for stream, state in told.states.items()
        for each in double_draws(state)
    }
    assert {(each.ledger_id, each.act): (_ids(each.clauses), each.entry_keys) for each in drawn} == expected
    assert [(each.ledger_id, each.act) for each in drawn] == sorted(expected)


def _ids(clauses):
    return tuple(sorted(clause.id for clause in clauses))


def _shown(entry):
    return (
        entry.entry_key, entry.status, entry.stands, entry.amount_fen, entry.owed_fen, entry.settled_fen,
        entry.displaced_by, entry.contests, entry.clause.id, entry.rule_version, entry.causes, entry.issued_on,
    )  # fmt: skip


def _kept(entry):
    return (
        entry.entry_key, entry.status, entry.stands, entry.amount_fen, entry.owed_fen, entry.settled_fen,
        entry.displaced_by, entry.contests, entry.clause, entry.rule_version, entry.causes, entry.issued_on,
    )  # fmt: skip


@RANDOMLY
@given(told_=steps)
async def test_departments_and_months_share_out_the_whole(database, told_):
    """Each entry belongs to one month, and to one department or none: their totals are those of all entries."""
    told, tenant = Told(), uuid4()
    told.tell(told_)
    await fold(database, tenant, told.log)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        every = await statement.entries(connection, tenant, StatementAsked(), after=None, limit=200)
        whole = await statement.totals(connection, tenant, StatementAsked())
        months = {f"{each.issued_on:%Y-%m}" for each in every}
        monthly = [
            await statement.totals(connection, tenant, StatementAsked(first=month, last=month)) for month in months
        ]
        assert together(monthly) == whole
        for department in {each.department for each in every} - {None}:
            found = await statement.totals(connection, tenant, StatementAsked(department=department))
            own = [each for each in every if each.department == department]
            assert found.issued_fen == sum(each.amount_fen for each in own)
            assert found.owed_fen == sum(each.owed_fen for each in own)


@RANDOMLY
@given(told_=steps)
async def test_batches_of_any_size_leave_the_same_rows(database, told_):
    """Folding one event at a time or all at once is one and the same."""
    told = Told()
    told.tell(told_)
    tenants = [uuid4() for _ in range(2)]
    for tenant, batch in zip(tenants, (1, 1_000), strict=True):
        await fold(database, tenant, told.log, batch=batch)
    one, whole = [await contents(database, tenant) for tenant in tenants]
    assert one == whole


async def test_an_entry_stays_in_the_department_in_which_it_was_issued(database):
    """Moved afterwards, the person's ledger shows the new department, the entry the old; a unit answers for itself."""
    told, tenant = Told(), uuid4()
    told.issue(0, "before", 10_000, "R11.2.2", "act")
    told.move(0, "工程部")
    told.issue(0, "after", 5_000, "R11.3", "other")
    told.issue(SUBJECTS.index(("unit", UNIT)), "unit", 1, "R11.3", "third")
    await fold(database, tenant, told.log)
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        person = StatementAsked(person=PEOPLE[0])
        own = await statement.entries(connection, tenant, person, after=None, limit=9)
        [ledger] = await statement.ledgers(connection, statement.ledgers_question(tenant, department="工程部"), 9)
        [unit] = await statement.entries(connection, tenant, StatementAsked(department=UNIT), after=None, limit=9)
    assert [each.department for each in own] == ["销售部", "工程部"]
    assert (ledger.ledger_id, ledger.name) == (ledger_id("person", str(PEOPLE[0])), "某人")
    assert (unit.subject_kind, unit.entry_key) == ("unit", "unit")
    assert msgspec.to_builtins(own[0])["clause"]["id"] == "R11.2.2"
