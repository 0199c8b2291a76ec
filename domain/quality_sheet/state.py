"""Where a month's sheets stand."""

from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from domain.kernel import Event, State
from domain.quality_sheet import messages as m
from domain.quality_terms import SheetFrame


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A day's sheet as it reads now; ``raised`` are the items ever raised as nonconformities."""

    percent: Decimal
    problems: int
    raised: tuple[str, ...]
    late: bool


class QualitySheetState(State, frozen=True, kw_only=True):
    """A department's sheets of a month (服务质量检查与考评表), by their day."""

    frame: SheetFrame
    sheets: dict[date, Sheet] = msgspec.field(default_factory=dict)


def evolve(state: QualitySheetState | None, event: Event) -> QualitySheetState:
    """Fold one event."""
    if isinstance(event, m.SheetsOpened):
        return QualitySheetState(status="open", frame=event.frame)
    if state is None:
        raise TypeError(f"a month's sheets do not begin with {type(event).__name__}")
    match event:
        case m.SheetsReframed():
            return replace(state, frame=event.frame)
        case m.SheetFiled():
            return _with(state, event, late=event.late)
        case m.SheetAmended():
            return _with(state, event, late=state.sheets[event.day].late)
        case m.SheetsSubmitted():
            return replace(state, status="submitted")
    raise TypeError(f"a month's sheets know no {type(event).__name__}")


def _with(state: QualitySheetState, event: m.SheetFiled | m.SheetAmended, *, late: bool) -> QualitySheetState:
    before = state.sheets[event.day].raised if event.day in state.sheets else ()
    sheet = Sheet(
        percent=event.percent,
        problems=event.problems,
        raised=(*before, *(one.item for one in event.raised)),
        late=late,
    )
    return replace(state, sheets={**state.sheets, event.day: sheet})
