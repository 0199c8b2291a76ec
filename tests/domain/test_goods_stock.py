"""The stock of a good: only what passed comes in, no more goes out than is there, and it always adds up."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from domain.goods_receipt import commands as c
from domain.goods_stock import messages as s
from domain.kernel import Refusal
from tests.domain import goods_given as given
from tests.domain.goods_given import KEEPER

STOCK = given.stock_of()


def send(world, command):
    """Send a command to the stock; its one event."""
    (event,) = world.send("goods_stock", STOCK, command, person=KEEPER)
    return event


def refused(world, command):
    """The refusal of a command to the stock."""
    with pytest.raises(Refusal) as caught:
        send(world, command)
    return caught.value


def issue(quantity):
    """So much for the cleaners."""
    return s.IssueGoods(quantity=quantity, recipient="东校区保洁组", purpose="楼道保洁")


@pytest.mark.clause("R15.5.2")
def test_nothing_is_issued_that_was_not_stored_and_nothing_is_stored_that_has_not_passed():
    """A lot that came, one that passed and is not stored, and one that failed give nothing to issue."""
    world = given.good()
    given.deliver(world, lot="L1")
    given.inspect(world, given.deliver(world, lot="L2"))
    given.failing(world, lot="L3")
    refusal = refused(world, issue(1))
    assert (refusal.code, refusal.clause, refusal.details) == ("stock_too_small", "R15.5.2", {"on_hand": 0})


@pytest.mark.clause("R15.5.2")
def test_the_oldest_lot_goes_first_and_no_more_than_there_is():
    """Two lots of 50: of 60 issued 10 are of the younger; what comes back is of the younger first."""
    world = given.good()
    old, young = given.stored(world, lot="L1", quantity=50), given.stored(world, lot="L2", quantity=50)
    assert refused(world, issue(101)).code == "stock_too_small"
    issued = send(world, issue(60))
    assert [(part.receipt_id, part.quantity) for part in issued.parts] == [(old, 50), (young, 10)]
    assert (issued.on_hand_after, issued.rule_version) == (40, 1)
    back = send(world, s.ReturnGoods(issue=1, quantity=15, fit=True, note="余量"))
    assert [(part.receipt_id, part.quantity) for part in back.parts] == [(young, 10), (old, 5)]
    assert refused(world, s.ReturnGoods(issue=1, quantity=46, fit=True, note="余量")).code == "more_than_issued"
    assert refused(world, s.ReturnGoods(issue=2, quantity=1, fit=True, note="余量")).code == "no_such_issue"
    assert send(world, issue(5)).parts[0].receipt_id == old


@pytest.mark.clause("R15.5.2")
def test_what_comes_back_unfit_is_not_put_back_and_what_is_too_old_does_not_come_back():
    """The rules say for how long."""
    world = given.good()
    given.stored(world, quantity=50)
    send(world, issue(20))
    back = send(world, s.ReturnGoods(issue=1, quantity=5, fit=False, note="折断"))
    assert back.on_hand_after == 30
    world.advance(world.now + timedelta(days=31))
    assert refused(world, s.ReturnGoods(issue=1, quantity=1, fit=True, note="余量")).code == "no_such_issue"


@pytest.mark.clause("R15.5.2")
def test_a_lot_is_written_off_up_to_what_is_there_of_it():
    """Of a lot that is not there nothing is."""
    world = given.good()
    receipt = given.stored(world, quantity=50)
    too_much = s.WriteOffGoods(receipt_id=receipt, quantity=51, reason="受潮")
    assert refused(world, too_much).code == "stock_too_small"
    assert send(world, s.WriteOffGoods(receipt_id=receipt, quantity=50, reason="受潮")).on_hand_after == 0
    assert refused(world, s.WriteOffGoods(receipt_id=receipt, quantity=1, reason="受潮")).code == "no_such_lot"


moves = st.lists(
    st.tuples(
        st.sampled_from(["deliver", "fail", "issue", "return", "return unfit", "write off", "wait"]),
        st.integers(1, 60),
        st.integers(1, 6),
    ),
    max_size=25,
)
ANSWERS = {
    "deliver": {"done"},
    "fail": {"not_passed"},
    "issue": {"done", "stock_too_small"},
    "return": {"done", "no_such_issue", "more_than_issued"},
    "return unfit": {"done", "no_such_issue", "more_than_issued"},
    "write off": {"done", "no_such_lot", "stock_too_small"},
    "wait": {"done"},
}


def move(world, kind, quantity, which, lots):
    """Do one thing to the stock; what it was answered."""
    try:
        match kind:
            case "deliver":
                lots.append(given.stored(world, lot=f"L{len(lots)}", quantity=quantity))
            case "fail":
                receipt = given.deliver(world, lot="F", quantity=quantity)
                given.inspect(world, receipt, failing=("kind",))
                given.send(world, receipt, c.StoreGoods(), KEEPER)
            case "issue":
                send(world, issue(quantity))
            case "return" | "return unfit":
                send(world, s.ReturnGoods(issue=which, quantity=quantity, fit=kind == "return", note="退库"))
            case "write off":
                lot = lots[which % len(lots)] if lots else UUID(int=1)
                send(world, s.WriteOffGoods(receipt_id=lot, quantity=quantity, reason="报损"))
            case "wait":
                world.advance(world.now + timedelta(days=quantity))
    except Refusal as refusal:
        return refusal.code
    return "done"


@pytest.mark.clause("R15.5.2")
@settings(deadline=None, max_examples=40)
@given_(moves)
def test_the_stock_adds_up_and_is_never_negative(done):
    """Whatever comes, goes, comes back and is lost: stored + returned = on hand + issued + written off, lot by lot."""
    world, lots = given.good(), []
    for kind, quantity, which in done:
        assert move(world, kind, quantity, which, lots) in ANSWERS[kind]
        stock = world.state("goods_stock", STOCK)
        assert stock.stored + stock.returned == stock.on_hand + stock.issued + stock.written_off
        assert all(part.quantity > 0 for part in stock.lots.values())
        assert {str(lot) for lot in lots} >= set(stock.lots)
    events = [event for noun, *_, event in world.log if noun == "goods_stock"]
    for lot in lots:
        came = sum(
            one.part.quantity for one in events if isinstance(one, s.GoodsTakenIn) and one.part.receipt_id == lot
        )
        went = [part for one in events if isinstance(one, s.GoodsIssued) for part in one.parts]
        back = [part for one in events if isinstance(one, s.GoodsTakenBack) and one.fit for part in one.parts]
        gone = [one.part for one in events if isinstance(one, s.GoodsWrittenOff)]
        out, again, off = (sum(p.quantity for p in parts if p.receipt_id == lot) for parts in (went, back, gone))
        there = world.state("goods_stock", STOCK).lots.get(str(lot))
        assert came + again - out - off == (there.quantity if there else 0)
