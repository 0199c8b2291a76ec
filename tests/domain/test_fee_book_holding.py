"""What a collector holds, kept in blocks, is what a plain list of it would be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.fee_book import FEE_BOOK
from domain.fee_book import commands as c
from domain.fee_book import events as e
from domain.fee_book.handing import MAX_RECEIPTS
from domain.fee_book.holding import BLOCK, FirstDue, Holding, OpenReceipt
from domain.fee_book.parts import Amounts, Counted, Move, Source
from domain.kernel import Actor, Context, Refusal

COLLECTOR = UUID(int=7)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RECEIPTS = st.builds(
    OpenReceipt,
    source=st.just(Source(account=UUID(int=1), entry=1, unit="1 101")),
    means=st.just("cash"),
    amount_fen=st.sampled_from((-100, 100, 250)),
    received_on=st.just(NOON.date()),
    hand_over_by=st.none() | st.integers(0, 3).map(lambda days: NOON + timedelta(days=days)),
    level=st.integers(0, 2),
)
STEPS = st.lists(
    st.tuples(st.just("joined"), RECEIPTS, st.integers(1, BLOCK))
    | st.tuples(st.just("changed"), st.none() | RECEIPTS, st.sets(st.integers(0, 30), min_size=1)),
    min_size=1,
    max_size=30,
)


def first_of(receipts):
    """The receipt that is owed first, found by looking at all of them."""
    due = [
        FirstDue(number, receipt.hand_over_by, receipt.level)
        for number, receipt in receipts.items()
        if receipt.hand_over_by is not None and receipt.amount_fen >= 0
    ]
    return min(due, key=lambda one: (one.due_at, one.number), default=None)


@given(STEPS)
def test_blocks_hold_what_a_plain_mapping_would(steps):
    """Receipts come with higher and higher numbers, change and go; all of them, their order and the first due agree."""
    holding, plain, number = Holding(), {}, 0
    for step, receipt, more in steps:
        if step == "joined":
            number += more
            holding, plain = holding.joined(number, receipt), {**plain, number: receipt}
        else:
            changes = {list(plain)[place]: receipt for place in more if place < len(plain)}
            holding = holding.changed(changes)
            plain = {key: kept for key, kept in {**plain, **changes}.items() if kept is not None}
        assert list(holding.receipts().items()) == list(plain.items())
        assert holding.first == first_of(plain)


@given(st.integers(1, 5_000))
def test_one_more_receipt_makes_anew_no_more_than_its_block(count):
    """However many are held: all other blocks are those that were there."""
    receipt = OpenReceipt(
        source=Source(account=UUID(int=1), entry=1, unit=""),
        means="cash",
        amount_fen=1,
        received_on=NOON.date(),
        hand_over_by=NOON,
    )
    held = Holding({place: _full(place, receipt) for place in range(count // BLOCK + 1)})
    grown = held.joined((count // BLOCK + 1) * BLOCK, receipt)
    assert [place for place, block in grown.blocks.items() if held.blocks.get(place) is not block] == [
        count // BLOCK + 1
    ]
    assert max(len(block.receipts) for block in grown.blocks.values()) <= BLOCK


@pytest.mark.clause("R13.4.2.7")
def test_more_than_one_event_takes_is_handed_over_in_parts_that_are_named():
    """The refusal says up to which entry, and what that comes to; so much is handed over, then the rest."""
    book = _book(MAX_RECEIPTS + 5)
    with pytest.raises(Refusal) as caught:
        FEE_BOOK.decide(book, c.HandOver(counted=Counted(cash_fen=5)), _context())
    refusal = caught.value
    assert (refusal.code, refusal.kind, refusal.field) == ("too_many_receipts", "value", "up_to")
    assert refusal.details == {"up_to": MAX_RECEIPTS, "due": Amounts(cash_fen=MAX_RECEIPTS)}
    part = c.HandOver(counted=Counted(cash_fen=MAX_RECEIPTS), up_to=refusal.details["up_to"])
    (event,) = FEE_BOOK.decide(book, part, _context())
    assert event.entries == tuple(range(1, MAX_RECEIPTS + 1))
    left = FEE_BOOK.evolve(book, event)
    assert list(left.receipts) == list(range(MAX_RECEIPTS + 1, MAX_RECEIPTS + 6))
    (last,) = FEE_BOOK.decide(left, c.HandOver(counted=Counted(cash_fen=5)), _context())
    assert FEE_BOOK.evolve(left, last).held == {}


@pytest.mark.clause("R13.4.2.7")
def test_as_many_as_one_event_takes_are_handed_over_at_once():
    """The bound itself is allowed."""
    (event,) = FEE_BOOK.decide(_book(MAX_RECEIPTS), c.HandOver(counted=Counted(cash_fen=MAX_RECEIPTS)), _context())
    assert len(event.entries) == MAX_RECEIPTS


@pytest.mark.clause("R13.4.2.7")
def test_of_several_collectors_each_owes_what_he_holds_first():
    """One deadline for each, of the receipt that is owed first; it moves on when that is handed over."""
    book = _book(3)
    other = replace(_noted(4), collector=UUID(int=8), hand_over_by=NOON - timedelta(days=1))
    book = FEE_BOOK.evolve(book, other)
    owed = {deadline.key: deadline.due_at for deadline in FEE_BOOK.deadlines(book)}
    assert owed == {
        f"handover:{COLLECTOR}:1:0": NOON + timedelta(minutes=1),
        f"handover:{UUID(int=8)}:4:0": NOON - timedelta(days=1),
    }
    (event,) = FEE_BOOK.decide(book, c.HandOver(counted=Counted(cash_fen=1), up_to=1), _context())
    assert {deadline.key for deadline in FEE_BOOK.deadlines(FEE_BOOK.evolve(book, event))} == {
        f"handover:{COLLECTOR}:2:0",
        f"handover:{UUID(int=8)}:4:0",
    }


def _noted(number):
    return e.ReceiptNoted(
        number=number,
        source=Source(account=UUID(int=number), entry=1, unit="1 101"),
        collector=COLLECTOR,
        means="cash",
        banked=False,
        amount_fen=1,
        received_on=NOON.date(),
        booked_on=NOON.date(),
        moves=(Move(kind="advance", amount_fen=1),),
        hand_over_by=NOON + timedelta(minutes=number),
        rule_version=1,
    )


def _book(receipts):
    opened = e.BookOpened(project_id=UUID(int=5), opened_on=NOON.date(), owed=None, rule_version=1)
    return FEE_BOOK.fold(None, [opened, *(_noted(number) for number in range(1, receipts + 1))])


def _context():
    return Context(actor=Actor(kind="member", id=COLLECTOR), now=NOON, calendar=Calendar())


def _full(place, receipt):
    holding = Holding()
    for number in range(place * BLOCK, (place + 1) * BLOCK):
        holding = holding.joined(number, receipt)
    return holding.blocks[place]
