"""Where a month's sheets stand."""

from datetime import date
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import State
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


def _opened(event: m.SheetsOpened) -> QualitySheetState:
    return QualitySheetState(status="open", frame=event.frame)


def _with(state: QualitySheetState, event: m.SheetFiled | m.SheetAmended, *, late: bool) -> QualitySheetState:
    before = state.sheets[event.day].raised if event.day in state.sheets else ()
    sheet = Sheet(
        percent=event.percent,
        problems=event.problems,
        raised=(*before, *(one.item for one in event.raised)),
        late=late,
    )
    return replace(state, sheets={**state.sheets, event.day: sheet})


evolve: Evolve[QualitySheetState] = folding(
    "a month of sheets",
    begins={m.SheetsOpened: _opened},
    steps={
        m.SheetsReframed: lambda state, event: replace(state, frame=event.frame),
        m.SheetFiled: lambda state, event: _with(state, event, late=event.late),
        m.SheetAmended: lambda state, event: _with(state, event, late=state.sheets[event.day].late),
        m.SheetsSubmitted: lambda state, _: replace(state, status="submitted"),
    },
)
