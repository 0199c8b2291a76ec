"""Sampling a lot so that anybody can draw again and find the same units, and judging it by what was found (R15.5.2)."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Literal
from uuid import UUID

import msgspec

METHOD = "step k of 0..n-1 swaps unit k with unit k + sha256(seed|receipt|k) mod (lot - k)"
"""Recorded with every draw; another way of drawing gets another name."""
MAX_SAMPLE = 2000
Between = Literal["rejected", "accepted"]


class PlanRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of a sampling plan (抽样方案): lots of up to ``lot_to`` units give ``sample`` units, the last row any lot.

    With up to ``accept`` defective units the lot passes, with ``reject`` or more it fails.
    """

    lot_to: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None = None
    sample: Annotated[int, msgspec.Meta(ge=1, le=MAX_SAMPLE)]
    accept: Annotated[int, msgspec.Meta(ge=0, le=MAX_SAMPLE)]
    reject: Annotated[int, msgspec.Meta(ge=1, le=MAX_SAMPLE + 1)]


def row_of(plan: tuple[PlanRow, ...], lot: int) -> PlanRow:
    """The row of a plan that a lot of so many units falls under; the last is for any."""
    return next((row for row in plan if row.lot_to is not None and lot <= row.lot_to), plan[-1])


def faults(plan: tuple[PlanRow, ...]) -> Iterator[tuple[str, str, str]]:
    """What makes no sense in a plan: where, in Chinese, in English."""
    last = 0
    for place, row in enumerate(plan):
        ends = place == len(plan) - 1
        if (row.lot_to is None) != ends:
            yield f"plan[{place}].lot_to", "末行须不设批量上限，其余各行须设", "only the last row is for any lot"
        elif row.lot_to is not None and row.lot_to <= last:
            yield f"plan[{place}].lot_to", "批量上限须逐行递增", "rows go up"
        if row.reject <= row.accept:
            yield f"plan[{place}].reject", "拒收数须大于接收数", "the lot is rejected at more than it is accepted at"
        if row.accept >= row.sample:
            yield f"plan[{place}].accept", "接收数须小于样本量", "not every unit of a sample may be defective"
        last = row.lot_to or last


def draw(seed: str, receipt: UUID, lot: int, n: int) -> tuple[int, ...]:
    """``n`` different units of a lot whose units are numbered from 1, in ascending order; all where there are fewer."""
    moved: dict[int, int] = {}
    found = []
    for step in range(min(n, lot)):
        digest = sha256(f"{seed}|{receipt}|{step}".encode()).digest()
        other = step + int.from_bytes(digest) % (lot - step)
        found.append(moved.get(other, other) + 1)
        moved[other] = moved.get(step, step)
    return tuple(sorted(found))


def accepts(row: PlanRow, defective: int, lot: int, between: Between) -> bool:
    """Whether a lot passes; one of which every unit is defective never does."""
    if defective <= row.accept or (defective < row.reject and between == "accepted"):
        return defective < lot
    return False
