"""Where a purchased good stands: its draft, and the versions of its procedure by the day from which they apply."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.goods_frame import Procedure
from domain.kernel import State
from domain.purchased_good import messages as m


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure that is not approved yet, and by whom it was drafted."""

    procedure: Procedure
    drafted_by: UUID
    readings: dict[str, str]


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """An approved procedure."""

    number: int
    effective_from: date
    procedure: Procedure


class PurchasedGoodState(State, frozen=True, kw_only=True):
    """One purchased good (采购物品). ``approved`` counts versions, also those that were withdrawn."""

    name: str
    unit: str
    department: str
    draft: Draft | None = None
    versions: tuple[Version, ...] = ()
    approved: int = 0
    deliveries: int = 0

    def in_force(self, day: date) -> Version | None:
        """The version that applies on a day: the latest to begin by then, of several the last approved."""
        begun = [one for one in self.versions if one.effective_from <= day]
        return max(begun, key=lambda one: (one.effective_from, one.number), default=None)


def _registered(event: m.GoodRegistered) -> PurchasedGoodState:
    return PurchasedGoodState(status="drafting", name=event.name, unit=event.unit, department=event.department)


def _drafted(state: PurchasedGoodState, event: m.ProcedureDrafted) -> PurchasedGoodState:
    draft = Draft(procedure=event.procedure, drafted_by=event.drafted_by, readings=event.readings)
    return replace(state, draft=draft)


def _approved(state: PurchasedGoodState, event: m.ProcedureApproved) -> PurchasedGoodState:
    version = Version(number=event.number, effective_from=event.effective_from, procedure=event.procedure)
    versions = (*state.versions, version)
    return replace(state, status="approved", draft=None, versions=versions, approved=event.number)


evolve: Evolve[PurchasedGoodState] = folding(
    "a purchased good",
    begins={m.GoodRegistered: _registered},
    steps={
        m.ProcedureDrafted: _drafted,
        m.ProcedureApproved: _approved,
        m.ProcedureWithdrawn: lambda state, _: replace(state, status="withdrawn", versions=()),
        m.DeliveryRegistered: lambda state, _: replace(state, deliveries=state.deliveries + 1),
    },
)
