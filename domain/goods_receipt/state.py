"""Where a delivery stands, and which step of it somebody still owes."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.goods_frame import Delivery
from domain.goods_receipt import events as e
from domain.goods_receipt.commands import LapseStep, Step
from domain.kernel import Deadline, State


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is owed, and by when; ``due_by`` is none once everybody was told that it is late."""

    step: Step
    due_by: datetime | None
    level: int = 1
    late: bool = False


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The units that are inspected, the numbers by which the lot is judged, and how they were drawn."""

    units: tuple[int, ...]
    accept: int
    reject: int
    seed: str
    method: str


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How a check came out."""

    conforming: bool
    defective: tuple[int, ...]
    equipment: str
    note: str
    inspected_by: UUID


class GoodsReceiptState(State, frozen=True, kw_only=True):
    """One goods receipt (进货验收单). ``storable`` is what may be stored, none unless it passed."""

    delivery: Delivery
    owed: Owed | None = None
    sample: Sample | None = None
    results: dict[str, Result] = msgspec.field(default_factory=dict)
    defective: int = 0
    trial_until: date | None = None
    trial_suitable: bool | None = None
    trial_evaluation: str = ""
    consumed: int = 0
    reasons: tuple[str, ...] = ()
    decided_by: UUID | None = None
    decided_on: date | None = None
    basis: str | None = None
    storable: int | None = None
    replaced_by: UUID | None = None


def deadlines(state: GoodsReceiptState) -> tuple[Deadline, ...]:
    """The one step that is owed."""
    owed = state.owed
    if owed is None or owed.due_by is None:
        return ()
    return (Deadline(f"{owed.step}:{owed.level}", owed.due_by, LapseStep(step=owed.step, level=owed.level)),)


def _opened(event: e.ReceiptOpened) -> GoodsReceiptState:
    owed = Owed(step="inspection", due_by=event.inspect_by)
    return GoodsReceiptState(status="registered", delivery=event.delivery, owed=owed)


def _drawn(state: GoodsReceiptState, event: e.SampleDrawn) -> GoodsReceiptState:
    sample = Sample(units=event.units, accept=event.accept, reject=event.reject, seed=event.seed, method=event.method)
    return replace(state, sample=sample)


def _checked(state: GoodsReceiptState, event: e.CheckRecorded) -> GoodsReceiptState:
    result = Result(
        conforming=event.conforming,
        defective=event.defective,
        equipment=event.equipment,
        note=event.note,
        inspected_by=event.inspected_by,
    )
    return replace(state, results={**state.results, event.check: result})


def _tried(state: GoodsReceiptState, event: e.TrialRecorded) -> GoodsReceiptState:
    return replace(
        state,
        trial_suitable=event.suitable,
        trial_evaluation=event.evaluation,
        consumed=event.consumed,
    )


def _trying(state: GoodsReceiptState, event: e.TrialBegun) -> GoodsReceiptState:
    owed = Owed(step="trial", due_by=event.due_by)
    return replace(state, status="on_trial", trial_until=event.until, defective=event.defective, owed=owed)


def _passed(state: GoodsReceiptState, event: e.GoodsPassed) -> GoodsReceiptState:
    return replace(
        state,
        status="passed",
        owed=None,
        basis=event.basis,
        defective=event.defective,
        storable=event.storable,
        decided_by=event.decided_by,
        decided_on=event.decided_on,
    )


def _failed(state: GoodsReceiptState, event: e.GoodsFailed) -> GoodsReceiptState:
    return replace(
        state,
        status="failed",
        owed=Owed(step="notification", due_by=event.notify_by),
        reasons=event.reasons,
        defective=event.defective,
        decided_by=event.decided_by,
        decided_on=event.decided_on,
    )


def _answered(state: GoodsReceiptState, event: e.RejectionAnswered) -> GoodsReceiptState:
    status = {"return": "returning", "replace": "awaiting_replacement", "concession": "conceding"}[event.disposal]
    return replace(state, status=status, owed=None)


def _asked(state: GoodsReceiptState, event: e.BuyerNotified | e.ConcessionRefused) -> GoodsReceiptState:
    return replace(state, status="failed", owed=Owed(step="answer", due_by=event.answer_by))


def _late(state: GoodsReceiptState, event: e.StepOverdue) -> GoodsReceiptState:
    owed = Owed(step=event.step, due_by=event.again_by, level=event.level + 1, late=True)
    return replace(state, owed=owed)


evolve: Evolve[GoodsReceiptState] = folding(
    "a goods receipt",
    begins={e.ReceiptOpened: _opened},
    steps={
        e.SampleDrawn: _drawn,
        e.CheckRecorded: _checked,
        e.TrialBegun: _trying,
        e.TrialRecorded: _tried,
        e.GoodsPassed: _passed,
        e.GoodsFailed: _failed,
        e.GoodsStored: lambda s, _: replace(s, status="stored"),
        e.BuyerNotified: _asked,
        e.RejectionAnswered: _answered,
        e.ConcessionRefused: _asked,
        e.GoodsReturned: lambda s, _: replace(s, status="returned"),
        e.ReplacementReceived: lambda s, event: replace(s, status="replaced", replaced_by=event.receipt_id),
        e.StepOverdue: _late,
    },
)
