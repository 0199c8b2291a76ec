"""The deposit statement: every entry leads back to clause, rules, scorecard and events."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from projections.deposit_statement import EntriesAsked, statement
from tests.domain.story import DEPOSIT, PROJECT
from tests.domain.world import RULES
from tests.projections.folding import START, fold, folded_year, placed, year

ZONE = ZoneInfo("Asia/Shanghai")


async def stated(database, tenant, *, limit=500, **asked):
    """The statement of the year's deposit."""
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        return await statement(connection, tenant, DEPOSIT, asked=EntriesAsked(**asked), zone=ZONE, limit=limit)


def event_at(position):
    """The event of the year at a position: its type, stream and version there, and itself."""
    _, stream, version, event = year().log[position - 1]
    return str(event.__struct_config__.tag), stream, version, event


@pytest.mark.clause("R14.5.1", "R14.5.2", "R14.6")
async def test_every_entry_of_a_month_leads_back_to_what_it_rests_on(database):
    """Entry → clause → rule version → scorecard → events, each found in the store where the statement says."""
    found = await stated(database, await folded_year(database))
    of_months = [entry for entry in found.items if entry.month is not None]
    assert {entry.kind for entry in of_months} >= {"penalty", "penalty_reversed", "reward", "shortfall_collected"}
    for entry in of_months:
        assert entry.clause.id in {"R14.5.1", "R14.5.2"}
        assert entry.clause.label.zh
        assert entry.readings
        assert all(reading.value_label.en for reading in entry.readings)
        types = [reference.type for reference in entry.events]
        assert types[0] in {"rule_book.pack_adopted", "rule_book.version_published"}
        assert types[1] in {"assessment.closed", "assessment.reassessed"}
        assert types[2] in {"property_project.month_recorded", "property_project.month_revised"}
        assert len(types) == 4
        for reference in entry.events:
            assert event_at(reference.position)[:3] == (reference.type, reference.stream_id, reference.version)
        rules, scored, recorded, own = (event_at(reference.position)[3] for reference in entry.events)
        assert (rules.version, rules.effective_from) == (entry.rules.version, entry.rules.effective_from)
        assert entry.rules.event.stream_id == RULES
        assert entry.events[2].stream_id == PROJECT
        assert (scored.scorecard.score, scored.scorecard.band, scored.revision, scored.month) == (
            entry.scorecard.score,
            entry.scorecard.band,
            entry.scorecard.revision,
            entry.scorecard.month,
        )
        assert (recorded.revision, recorded.score) == (entry.scorecard.revision, entry.scorecard.score)
        assert (own.entry_id, own.effect_fen) == (entry.entry_id, entry.effect_fen)
        assert own.rule_version == entry.rules.version


@pytest.mark.clause("R14.5.1")
async def test_what_ends_a_contract_stands_behind_its_entries(database):
    """A forfeiture rests on the termination, its reversal on the reinstatement, the release on the contract's end."""
    found = await stated(database, await folded_year(database))
    behind = {
        "forfeiture": "property_project.contract_terminated",
        "forfeiture_reversed": "property_project.contract_reinstated",
        "release": "property_project.contract_ended",
    }
    seen = set()
    for entry in found.items:
        if entry.kind in behind:
            seen.add(entry.kind)
            (cause,) = [each for each in entry.events if each.stream_id == PROJECT]
            assert cause.type == behind[entry.kind]
            assert event_at(cause.position)[:3] == (cause.type, PROJECT, cause.version)
    assert seen == set(behind)


async def test_entries_add_up_to_the_balance_and_to_their_totals(database):
    """Balance, penalties, rewards and the rest run through the entries to what the head of the statement says."""
    found = await stated(database, await folded_year(database))
    balance_fen = 0
    for number, entry in enumerate(found.items, 1):
        balance_fen += entry.effect_fen
        assert (entry.number, entry.balance_after_fen) == (number, balance_fen)
    last, head = found.items[-1], found.deposit
    assert (head.balance_fen, head.entries) == (balance_fen, len(found.items))
    assert (last.penalties_total_fen, last.rewards_total_fen, last.uncollected_total_fen, last.paid_out_total_fen) == (
        head.penalties_fen,
        head.rewards_fen,
        head.uncollected_fen,
        head.paid_out_fen,
    )
    standing = [each for each in found.items if each.kind == "penalty" and each.reversed_by is None]
    assert head.penalties_fen == sum(-each.effect_fen + each.uncollected_fen for each in standing)
    rewards = [each for each in found.items if each.kind == "reward" and each.reversed_by is None]
    assert head.rewards_fen == sum(each.effect_fen + each.payout_fen for each in rewards)
    assert head.refunded_fen == sum(each.payout_fen for each in found.items if each.kind == "refund")


async def test_a_reversal_and_what_it_reverses_name_each_other(database):
    """Each reversed entry names its reversal, each reversal the entry it undoes."""
    found = {entry.entry_id: entry for entry in (await stated(database, await folded_year(database))).items}
    reversals = {entry.reverses: entry.entry_id for entry in found.values() if entry.reverses is not None}
    assert reversals
    assert {each.entry_id: each.reversed_by for each in found.values() if each.reversed_by is not None} == reversals


@pytest.mark.clause("R14.5.1")
async def test_a_penalty_shows_the_demand_that_followed(database):
    """A demand stands at the entry it makes up for, with its clause, reading and state; the paid part is allotted."""
    found = await stated(database, await folded_year(database))
    demands = {entry.entry_id: entry.top_up for entry in found.items if entry.top_up is not None}
    assert {"met", "withdrawn"} <= {demand.state for demand in demands.values()}
    for entry_id, demand in demands.items():
        assert demand.demand_id == entry_id
        assert demand.demanded_fen == demand.received_fen + demand.reduced_fen + demand.remaining_fen
        assert [reading.id for reading in demand.readings] == ["R14.5.1.top_up"]
        assert event_at(demand.event.position)[:3] == (demand.event.type, DEPOSIT, demand.event.version)
    paid = [entry for entry in found.items if entry.kind == "top_up"]
    for entry in paid:
        assert sum(part.amount_fen for part in entry.allocation) == entry.effect_fen
        assert {part.demand_id for part in entry.allocation} <= set(demands)


async def test_demands_still_owed_stand_in_the_head(database):
    """While a top-up is owed the head of the statement names it, oldest first, and their sum."""
    tenant = uuid4()
    log = year().log
    paid = next(n for n, (*_, event) in enumerate(log) if type(event).__name__ == "TopUpReceived")
    await fold(database, tenant, placed(log[:paid]))
    found = await stated(database, tenant)
    assert len(found.owed) > 1
    assert [each.month for each in found.owed] == sorted(each.month for each in found.owed)
    assert sum(each.remaining_fen for each in found.owed) == found.deposit.demanded_fen


async def test_dates_narrow_the_statement(database):
    """Entries booked from one instant to before another, and no others."""
    tenant = await folded_year(database)
    whole = (await stated(database, tenant)).items
    first, last = whole[3].booked_at, whole[8].booked_at
    part = (await stated(database, tenant, since=first, before=last)).items
    assert part == tuple(each for each in whole if first <= each.booked_at < last)
    assert 0 < len(part) < len(whole)
    assert (await stated(database, tenant, before=START - timedelta(days=1))).items == ()


async def test_instants_carry_the_tenants_offset(database):
    """Shown instants stand in the zone that was asked for."""
    found = await stated(database, await folded_year(database))
    assert found.items[0].booked_at.utcoffset() == timedelta(hours=8)


async def test_a_deposit_of_another_tenant_is_none(database):
    """Another tenant's deposit is answered like one that does not exist."""
    await folded_year(database)
    other = uuid4()
    await fold(database, other, placed(year().log[:3]))
    assert await stated(database, other) is None
