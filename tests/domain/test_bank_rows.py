"""A row of the bank: in one account at a time, in another once it is taken back from there, never in two."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.fee_account import FEE_ACCOUNT, account_id
from domain.fee_account import commands as a
from domain.fee_account.state import bank_row_id
from domain.kernel import Refusal
from domain.rule_book.messages import AdoptPack
from tests.domain.story_fee_book import PROJECT, account, paid
from tests.domain.story_fee_periods import publish
from tests.domain.story_repair_fund import ACCOUNTANT, CLERK
from tests.domain.world import BOOKS, World

UNITS = ("2-201", "2-202", "2-203")
MARCH = datetime(2026, 3, 1, 1, tzinfo=UTC)
CAUSES = ("mistake", "wrong_unit", "bank_return")


def flat(unit):
    """The account of a flat."""
    return account_id(PROJECT, "2", unit)


def world_of(*units, **changes):
    """A world with the accounts of these flats, under the shipped rules or others."""
    world = World(MARCH)
    world.send("rule_book", BOOKS["R13"], AdoptPack(regulation="R13", effective_from=date(2026, 1, 1)))
    if changes:
        publish(world, 2, date(2026, 3, 2), **changes)
        world.advance(datetime(2026, 3, 2, 1, tzinfo=UTC))
    for unit in units:
        world.send("fee_account", flat(unit), account(unit=unit))
    return world


def book(world, unit, reference="流水-9"):
    """Book a row of the bank to a flat; the number of its entry."""
    command = a.BookBankPayment(amount_fen=400, bank_reference=reference, paid_on=date(2026, 2, 27))
    (event,) = world.send("fee_account", flat(unit), command, person=ACCOUNTANT)
    return event.number


def take_back(world, unit, number, cause):
    """Take an entry back; the event."""
    command = a.ReverseFeeEntry(number=number, reason="核对", cause=cause)
    (event,) = world.send("fee_account", flat(unit), command, person=CLERK)
    return event


def held(world, unit):
    """The rows that a flat's account holds."""
    return {each.resource_id for each in FEE_ACCOUNT.reservations(world.state("fee_account", flat(unit)))}


@pytest.mark.clause("R13.4.2.7")
@pytest.mark.parametrize(("cause", "freed"), [("mistake", True), ("wrong_unit", True), ("bank_return", False)])
def test_a_row_is_free_once_it_was_booked_in_error_and_held_once_the_bank_sent_it_back(cause, freed):
    """The event says so with its reading; the row may then be booked again, here as elsewhere, or is refused."""
    world = world_of(*UNITS[:1])
    number = book(world, "2-201")
    assert held(world, "2-201") == {bank_row_id("流水-9")}
    event = take_back(world, "2-201", number, cause)
    assert (event.frees_row, event.cause, event.rule_version) == (freed, cause, 1)
    assert event.readings == {"R13.4.2.7.taken_back_row": "returned_held"}
    assert held(world, "2-201") == (set() if freed else {bank_row_id("流水-9")})
    if freed:
        assert book(world, "2-201") == 3
        assert held(world, "2-201") == {bank_row_id("流水-9")}
    with pytest.raises(Refusal) as caught:
        book(world, "2-201")
    assert caught.value.code == "bank_row_booked"


@pytest.mark.clause("R13.4.2.7")
def test_by_the_other_reading_every_row_is_free():
    """A tenant whose bank gives what comes a second time the same reference books it again."""
    world = world_of(*UNITS[:1], taken_back_rows="always_free")
    assert take_back(world, "2-201", book(world, "2-201"), "bank_return").frees_row
    assert held(world, "2-201") == set()


@pytest.mark.clause("R13.4.2.7")
def test_why_is_said_of_a_row_of_the_bank_and_of_nothing_else():
    """Without it the row would be held or freed by chance; cash has no row."""
    world = world_of(*UNITS[:1])
    number = book(world, "2-201")
    world.send("fee_account", flat("2-201"), paid(100), person=ACCOUNTANT)
    for entry, cause, code in ((number, None, "cause_required"), (number + 1, "wrong_unit", "no_bank_row")):
        with pytest.raises(Refusal) as caught:
            take_back(world, "2-201", entry, cause)
        assert (caught.value.code, caught.value.field) == (code, "cause")


@pytest.mark.clause("R13.4.2.7")
def test_an_account_knows_which_row_it_gave_back_as_anothers():
    """Not one that was a mistake, nor one that was booked here again since."""
    world = world_of(*UNITS[:1])
    take_back(world, "2-201", book(world, "2-201", "流水-1"), "mistake")
    take_back(world, "2-201", book(world, "2-201", "流水-2"), "wrong_unit")
    state = world.state("fee_account", flat("2-201"))
    assert [state.disowned(f"流水-{row}") for row in (1, 2, 3)] == [False, True, False]
    book(world, "2-201", "流水-2")
    assert not world.state("fee_account", flat("2-201")).disowned("流水-2")


class Rows(RuleBasedStateMachine):
    """Three accounts, four rows and a store that gives each row to whoever holds it alone."""

    @initialize()
    def begin(self):
        """Three flats."""
        self.world = world_of(*UNITS)
        self.returned = set()

    @rule(unit=st.sampled_from(UNITS), row=st.sampled_from("ABCD"))
    def book(self, unit, row):
        """Booked where the account decides so and the store, which holds rows for others, lets it."""
        others = [held(self.world, other) for other in UNITS if other != unit]
        if any(bank_row_id(row) in theirs for theirs in others):
            return
        if bank_row_id(row) in held(self.world, unit):
            with pytest.raises(Refusal, match="bank_row_booked"):
                book(self.world, unit, row)
            return
        assert row not in self.returned
        book(self.world, unit, row)

    @rule(unit=st.sampled_from(UNITS), data=st.data(), cause=st.sampled_from(CAUSES))
    def take_back(self, unit, data, cause):
        """Any payment that stands is taken back."""
        entries = self.world.state("fee_account", flat(unit)).entries
        standing = [number for number, entry in entries.items() if not entry.reversed]
        if standing:
            number = data.draw(st.sampled_from(standing))
            take_back(self.world, unit, number, cause)
            self.returned |= {entries[number].bank_reference} if cause == "bank_return" else set()

    @invariant()
    def in_one_account(self):
        """A row stands in at most one payment that is not taken back; what stands is held, what was sent back too."""
        if not hasattr(self, "world"):
            return
        entries = [
            (unit, entry) for unit in UNITS for entry in self.world.state("fee_account", flat(unit)).entries.values()
        ]
        for row in "ABCD":
            standing = [unit for unit, entry in entries if entry.bank_reference == row and not entry.reversed]
            holders = [unit for unit in UNITS if bank_row_id(row) in held(self.world, unit)]
            assert len(standing) <= 1
            assert len(holders) == (1 if standing or row in self.returned else 0)
            assert not standing or holders == standing


TestRows = Rows.TestCase
TestRows.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
