"""How a stock takes in what passed, gives out no more than there is, and takes back (R15.5.2)."""

from datetime import timedelta

from domain.goods_frame import value_refusal
from domain.goods_stock import messages as m
from domain.goods_stock.state import GoodsStockState
from domain.kernel import Context, Event, Refusal
from domain.rules.r15 import in_force

CLAUSE = "R15.5.2"


def open_stock(state: GoodsStockState | None, command: m.OpenStock, _: Context) -> tuple[Event, ...]:
    """Begin an empty stock, once."""
    if state is not None:
        return ()
    return (m.StockOpened(good_id=command.good_id, good=command.good, unit=command.unit),)


def take_in(state: GoodsStockState | None, command: m.TakeIn, context: Context) -> tuple[Event, ...]:
    """A lot came in; the first may come before the stock is known to be there."""
    opened = () if state else (m.StockOpened(good_id=command.good_id, good=command.good, unit=command.unit),)
    part = m.Part(
        receipt_id=command.receipt_id,
        lot=command.lot,
        taken_in=1 + (state.taken_in if state else 0),
        quantity=command.quantity,
    )
    on_hand = command.quantity + (state.on_hand if state else 0)
    return (*opened, m.GoodsTakenIn(part=part, on_hand_after=on_hand, taken_on=context.today))


def issue(state: GoodsStockState, command: m.IssueGoods, context: Context) -> tuple[Event, ...]:
    """Give out what was stored, the oldest lot first, and no more than there is."""
    found = in_force(context, context.today)
    if command.quantity > state.on_hand:
        raise Refusal(
            "stock_too_small",
            zh="库存不足：只能领用经检测合格并已入库的物品",
            en="There is not as much in the store; only what passed and was stored is issued.",
            clause=CLAUSE,
            details={"on_hand": state.on_hand},
        )
    return (
        m.GoodsIssued(
            number=state.number + 1,
            quantity=command.quantity,
            parts=_taken_of(sorted(state.lots.values(), key=lambda part: part.taken_in), command.quantity),
            recipient=command.recipient,
            purpose=command.purpose,
            project_id=command.project_id,
            on_hand_after=state.on_hand - command.quantity,
            issued_on=context.today,
            returnable_until=context.today + timedelta(days=found.values.goods_return_days),
            issued_by=context.actor.id,
            rule_version=found.version,
        ),
    )


def take_back(state: GoodsStockState, command: m.ReturnGoods, context: Context) -> tuple[Event, ...]:
    """Take back no more than an issue gave out, while it may still come back; the youngest lot first."""
    found = state.issues.get(command.issue)
    if found is None or context.today > found.until:
        raise value_refusal("no_such_issue", "没有可退库的该次领用", "Nothing of such an issue can come back.", "issue")
    if command.quantity > sum(part.quantity for part in found.parts):
        raise value_refusal("more_than_issued", "超出领用数量", "That is more than was issued.", "quantity")
    on_hand = state.on_hand + (command.quantity if command.fit else 0)
    return (
        m.GoodsTakenBack(
            issue=command.issue,
            quantity=command.quantity,
            parts=_taken_of(sorted(found.parts, key=lambda part: -part.taken_in), command.quantity),
            fit=command.fit,
            note=command.note,
            on_hand_after=on_hand,
            taken_on=context.today,
            taken_by=context.actor.id,
        ),
    )


def write_off(state: GoodsStockState, command: m.WriteOffGoods, context: Context) -> tuple[Event, ...]:
    """Write off no more than there is of a lot."""
    there = state.lots.get(str(command.receipt_id))
    if there is None:
        raise value_refusal("no_such_lot", "库存中没有该批物品", "Nothing of such a lot is there.", "receipt_id")
    if command.quantity > there.quantity:
        raise value_refusal("stock_too_small", "超出该批库存", "There is not as much of the lot.", "quantity")
    part = m.Part(receipt_id=there.receipt_id, lot=there.lot, taken_in=there.taken_in, quantity=command.quantity)
    return (
        m.GoodsWrittenOff(
            part=part,
            reason=command.reason,
            evidence=command.evidence,
            on_hand_after=state.on_hand - command.quantity,
            written_off_on=context.today,
            written_off_by=context.actor.id,
        ),
    )


def _taken_of(parts: list[m.Part], quantity: int) -> tuple[m.Part, ...]:
    """So much, taken from the parts in their order."""
    found, left = [], quantity
    for part in parts:
        if left:
            taken = min(left, part.quantity)
            found.append(m.Part(receipt_id=part.receipt_id, lot=part.lot, taken_in=part.taken_in, quantity=taken))
            left -= taken
    return tuple(found)
