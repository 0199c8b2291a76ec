"""What a collector holds, kept in blocks, is what a plain list of it would be."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.fee_book.holding import BLOCK, FirstDue, Holding, OpenReceipt
from domain.fee_book.parts import Source

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


def _full(place, receipt):
    holding = Holding()
    for number in range(place * BLOCK, (place + 1) * BLOCK):
        holding = holding.joined(number, receipt)
    return holding.blocks[place]
