"""The purchased goods' part of the story: procedures, lots that pass, are tried, fail, are replaced, and the stock."""

from datetime import timedelta
from uuid import UUID

from domain.goods_receipt import commands as c
from domain.goods_stock import messages as s
from domain.purchased_good import messages as m
from tests.domain import goods_given as given
from tests.domain.story_property import join
from tests.domain.world import World

COMPANY = UUID(int=0x90AA)
APART = 2_000_000
"""Commands are counted from here, so that nothing drawn is drawn twice."""


def purchases(world):
    """Lived by another company, under rules of its own and so that no time passes for the others."""
    own = World(world.now, COMPANY)
    own.commands = APART
    goods(own)
    join(world, own)


def goods(world):
    """Everything that a good, its receipts and its stock know of happens."""
    given.adopt(world)
    given.good(world)
    given.good(world, given.CHEMICAL, given.TRIED, "地面清洁剂")
    in_the_store(world)
    tried(world)
    refused(world)
    by_concession(world)
    withdraw = m.WithdrawProcedure(reason="改用他品")
    world.send("purchased_good", given.CHEMICAL, withdraw, person=given.AUTHOR)


def in_the_store(world):
    """Stored, issued, taken back, written off."""
    receipt, stock = given.stored(world), given.stock_of()
    issue = s.IssueGoods(quantity=30, recipient="东校区保洁组", purpose="楼道保洁")
    world.send("goods_stock", stock, issue, person=given.KEEPER)
    world.send("goods_stock", stock, s.ReturnGoods(issue=1, quantity=5, fit=True, note="余量"), person=given.KEEPER)
    world.send("goods_stock", stock, s.ReturnGoods(issue=1, quantity=1, fit=False, note="折断"), person=given.KEEPER)
    spoilt = s.WriteOffGoods(receipt_id=receipt, quantity=2, reason="受潮")
    world.send("goods_stock", stock, spoilt, person=given.KEEPER)


def tried(world):
    """One lot is tried and suits; another is evaluated late."""
    receipt = given.deliver(world, given.CHEMICAL, lot="T1", quantity=10)
    given.inspect(world, receipt)
    world.advance(world.now + timedelta(days=14))
    suitable = c.RecordTrial(suitable=True, consumed=2, evaluation="去污有效")
    given.send(world, receipt, suitable, given.USER)
    late = given.deliver(world, given.CHEMICAL, lot="T2", quantity=10)
    given.inspect(world, late)
    world.advance(world.now + timedelta(days=40))


def refused(world):
    """Lots that fail are returned or replaced; others are late at each step."""
    returned = given.failing(world, lot="L2", answer="return")
    given.send(world, returned, c.RecordReturn(reference="退货单-1"), given.KEEPER)
    replaced = given.failing(world, lot="L3", answer="replace")
    another = c.ReceiveReplacement(lot="L3-2", quantity=200, certificate="合格证-2")
    given.send(world, replaced, another, given.KEEPER)
    given.inspect(world, world.state("goods_receipt", replaced).replaced_by)
    given.deliver(world, lot="L4")
    given.failing(world, lot="L5")
    world.advance(world.now + timedelta(days=20))


def by_concession(world):
    """Under rules that know it a lot is taken by concession, and another is not."""
    given.adopt(world, concession="approved")
    for lot, approved in (("L6", False), ("L7", True)):
        receipt = given.failing(world, lot=lot, answer="concession")
        decide = c.DecideConcession(approved=approved, reason="不影响使用" if approved else "影响使用")
        given.send(world, receipt, decide, given.APPROVER)
