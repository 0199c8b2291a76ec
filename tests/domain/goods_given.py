"""A good with its procedure, and lots of it on their way to the store, for tests and for the story."""

from datetime import timedelta
from uuid import UUID

from domain.goods_frame import Check, Procedure, Trial
from domain.goods_receipt import commands as c
from domain.goods_sampling import PlanRow
from domain.kernel import derived_id
from domain.purchased_good import messages as m
from domain.rule_book import messages as r
from domain.rules.r15_goods import ORDINARY
from tests.domain.world import PEOPLE, World

MOPS, CHEMICAL = UUID(int=0x9001), UUID(int=0x9002)
AUTHOR, APPROVER, KEEPER, BUYER, INSPECTOR, USER = (UUID(int=0x9010 + number) for number in range(6))
PLAN = (
    PlanRow(lot_to=50, sample=5, accept=0, reject=1),
    PlanRow(lot_to=500, sample=20, accept=1, reject=3),
    PlanRow(sample=50, accept=3, reject=4),
)
CHECKS = tuple(
    Check(
        code=item.code,
        name=item.zh,
        extent="sample" if item.code == "appearance" else "lot",
        method="目测",
        criteria="无破损、与订单相符",
        equipment="游标卡尺" if item.code == "kind" else "",
    )
    for item in ORDINARY
)
SAMPLED = Procedure(checks=CHECKS, plan=PLAN)
TRIED = Procedure(
    checks=tuple(
        Check(code=one.code, name=one.zh, extent="lot", method="核对", criteria="与订单相符") for one in ORDINARY
    ),
    trial=Trial(days=14, evaluator=USER, criteria="去污有效，不伤地面"),
)


def adopt(world, **changes):
    """Take over the shipped rules of quality monitoring from today; with changes, another as of the next day."""
    book = derived_id(world.tenant, "rule_book", "R15")
    if ("rule_book", book) not in world.states:
        today = world.context(None).today
        world.send("rule_book", book, r.AdoptPack(regulation="R15", effective_from=today))
    if changes:
        drafter, publisher, _ = PEOPLE
        known = world.context(None).rules["R15"]
        number = 1 + max(version.version for version in known)
        begins = max(world.context(None).today, *(version.effective_from for version in known)) + timedelta(days=1)
        world.send("rule_book", book, r.DraftVersion(changes=changes, note="试行"), person=drafter)
        publish = r.PublishVersion(version=number, effective_from=begins)
        world.send("rule_book", book, publish, person=publisher)
        world.advance(world.now + (begins - world.context(None).today))


def good(world=None, stream=MOPS, procedure=SAMPLED, name="平板拖把"):
    """A world in which a good has an approved procedure as of today."""
    if world is None:
        world = World()
        adopt(world)
    world.send("purchased_good", stream, m.RegisterGood(name=name, unit="把", department="环境部"), person=AUTHOR)
    approved(world, stream, procedure)
    return world


def approved(world, stream=MOPS, procedure=SAMPLED):
    """Another version of the procedure, in force as of today."""
    world.send("purchased_good", stream, m.DraftProcedure(procedure=procedure, note="新编"), person=AUTHOR)
    command = m.ApproveProcedure(effective_from=world.context(None).today)
    world.send("purchased_good", stream, command, person=APPROVER)


def deliver(world, stream=MOPS, lot="L1", quantity=200):
    """Deliver a lot; the stream of its receipt."""
    command = m.RegisterDelivery(
        supplier="洁净用品公司", buyer=BUYER, lot=lot, quantity=quantity, certificate="合格证-1"
    )
    (event,) = world.send("purchased_good", stream, command, person=KEEPER)
    return event.delivery.receipt_id


def send(world, receipt, command, person=INSPECTOR):
    """Send a command to a receipt; its events."""
    return world.send("goods_receipt", receipt, command, person=person)


def check(world, receipt, *, defective=0, failing=()):
    """Draw the sample where there is one and record every check, with so many defective units in the sample."""
    procedure = world.state("goods_receipt", receipt).delivery.procedure
    units = ()
    if procedure.samples:
        send(world, receipt, c.DrawSample(seed="0f" * 8))
        units = world.state("goods_receipt", receipt).sample.units[:defective]
    for one in procedure.checks:
        bad = units if one.extent == "sample" else ()
        command = c.RecordCheck(
            check=one.code,
            conforming=one.code not in failing and not bad,
            defective=bad,
            equipment=one.equipment,
        )
        send(world, receipt, command)


def inspect(world, receipt, **results):
    """Record every check and judge the lot; the event of the verdict."""
    check(world, receipt, **results)
    return send(world, receipt, c.ConcludeInspection())[-1]


def failing(world, stream=MOPS, lot="L9", answer=None):
    """A lot that failed, its buyer notified, and with ``answer`` answered; its receipt."""
    receipt = deliver(world, stream, lot=lot)
    inspect(world, receipt, failing=("certificate",))
    send(world, receipt, c.NotifyBuyer(note="合格证不符"), KEEPER)
    if answer:
        send(world, receipt, c.AnswerRejection(disposal=answer, note="已联系供货单位"), BUYER)
    return receipt


def stored(world, stream=MOPS, lot="L1", quantity=200):
    """A lot in the store; its receipt."""
    receipt = deliver(world, stream, lot=lot, quantity=quantity)
    inspect(world, receipt)
    send(world, receipt, c.StoreGoods(place="A-01"), KEEPER)
    return receipt


def stock_of(stream=MOPS):
    """The stream of a good's stock."""
    return derived_id(stream, "stock")
