"""Where an application for an award stands."""

from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.award_application import messages as m
from domain.kernel import Event, State
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


def evolve(state: AwardApplicationState | None, event: Event) -> AwardApplicationState:  # noqa: PLR0911 - a branch an event
    """Fold one event."""
    if isinstance(event, m.ApplicationPrepared):
        return AwardApplicationState(
            status="checking", award=event.award, project_id=event.project_id, items=event.items
        )
    if state is None:
        raise TypeError(f"an application does not begin with {type(event).__name__}")
    match event:
        case m.ItemChecked():
            found = Checked(conforms=event.conforms, nonconformity_id=event.nonconformity_id, open=not event.conforms)
            return replace(state, checked={**state.checked, event.item: found})
        case m.ProblemCleared():
            cleared = replace(state.checked[event.item], open=False)
            return replace(state, checked={**state.checked, event.item: cleared})
        case m.CheckCompleted():
            return replace(state, status="ready")
        case m.ApplicationSubmitted():
            return replace(state, status="applied", submitted_on=event.submitted_on)
        case m.ResultRecorded():
            return replace(state, status="decided")
        case m.ApplicationFiled():
            return replace(state, status="filed")
        case m.ApplicationWithdrawn():
            return replace(state, status="withdrawn")
    raise TypeError(f"an application knows no {type(event).__name__}")
