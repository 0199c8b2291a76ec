"""Where an application for an award stands."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.award_application import messages as m
from domain.folding import Evolve, folding
from domain.kernel import State
from domain.rules.r15_parts import Item


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """How an item came out; ``open`` until its nonconformity is corrected."""

    conforms: bool
    nonconformity_id: UUID | None = None
    open: bool = False


class AwardApplicationState(State, frozen=True, kw_only=True):
    """One application for an award (评优申报)."""

    award: str
    project_id: UUID | None
    items: tuple[Item, ...]
    checked: dict[str, Checked] = msgspec.field(default_factory=dict)
    submitted_on: date | None = None

    def problems(self) -> tuple[str, ...]:
        """The items whose nonconformities are open."""
        return tuple(item for item, one in self.checked.items() if one.open)


def _prepared(event: m.ApplicationPrepared) -> AwardApplicationState:
    return AwardApplicationState(status="checking", award=event.award, project_id=event.project_id, items=event.items)


def _checked(state: AwardApplicationState, event: m.ItemChecked) -> AwardApplicationState:
    found = Checked(conforms=event.conforms, nonconformity_id=event.nonconformity_id, open=not event.conforms)
    return replace(state, checked={**state.checked, event.item: found})


def _cleared(state: AwardApplicationState, event: m.ProblemCleared) -> AwardApplicationState:
    cleared = replace(state.checked[event.item], open=False)
    return replace(state, checked={**state.checked, event.item: cleared})


evolve: Evolve[AwardApplicationState] = folding(
    "an application",
    begins={m.ApplicationPrepared: _prepared},
    steps={
        m.ItemChecked: _checked,
        m.ProblemCleared: _cleared,
        m.CheckCompleted: lambda state, _: replace(state, status="ready"),
        m.ApplicationSubmitted: lambda state, event: replace(state, status="applied", submitted_on=event.submitted_on),
        m.ResultRecorded: lambda state, _: replace(state, status="decided"),
        m.ApplicationFiled: lambda state, _: replace(state, status="filed"),
        m.ApplicationWithdrawn: lambda state, _: replace(state, status="withdrawn"),
    },
)
