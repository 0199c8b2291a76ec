"""A purchased good (采购物品): the inspection procedure that its department keeps, and what is delivered (R15.5.2)."""

from domain.commanding import Commands
from domain.kernel import Decider, Text
from domain.purchased_good import handlers
from domain.purchased_good import messages as m
from domain.purchased_good.state import PurchasedGoodState, evolve

__all__ = ["PURCHASED_GOOD", "PurchasedGoodState"]

_spec = Commands(noun="purchased_good", clause="R15.5.2")

PURCHASED_GOOD = Decider(
    noun="purchased_good",
    plural="purchased-goods",
    title=Text(zh="采购物品", en="purchased good"),
    state=PurchasedGoodState,
    statuses=("drafting", "approved", "withdrawn"),
    commands=(
        _spec(m.RegisterGood, handlers.register, "登记采购物品", "Register a good", creates=True),
        _spec(m.DraftProcedure, handlers.draft, "编制检测规程", "Draft the inspection procedure"),
        _spec(m.ApproveProcedure, handlers.approve, "批准检测规程", "Approve the procedure"),
        _spec(m.WithdrawProcedure, handlers.withdraw, "停用检测规程", "Withdraw the procedure"),
        _spec(m.RegisterDelivery, handlers.deliver, "登记到货", "Register a delivery"),
        _spec(m.RegisterReplacement, handlers.replace_lot, "换货到货", "A replacement came", audience="internal"),
    ),
    events=(
        m.GoodRegistered,
        m.ProcedureDrafted,
        m.ProcedureApproved,
        m.ProcedureWithdrawn,
        m.DeliveryRegistered,
    ),
    evolve=evolve,
)
