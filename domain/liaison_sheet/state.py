"""Where a liaison sheet stands."""

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from domain.folding import Evolve, folding
from domain.kernel import Deadline, State
from domain.liaison_sheet import messages as m


class LiaisonSheetState(State, frozen=True, kw_only=True):
    """One liaison sheet (信息联络处理单); ``round`` counts the answers asked for."""

    from_department: str
    to_department: str
    addressee: UUID
    subject: str
    content: str
    issued_by: UUID
    issued_on: date
    rule_version: int
    due_at: datetime | None
    round: int = 1
    answer: str = ""
    answered_by: UUID | None = None
    answered_on: date | None = None
    late: bool = False
    evaluation: str = ""
    closed_by: UUID | None = None


def deadlines(state: LiaisonSheetState) -> tuple[Deadline, ...]:
    """The answer, while it is owed and not yet late."""
    if state.status != "issued" or state.due_at is None:
        return ()
    return (Deadline(f"answer:{state.round}", state.due_at, m.LapseAnswer(round=state.round)),)


def _issued(event: m.LiaisonIssued) -> LiaisonSheetState:
    return LiaisonSheetState(
        status="issued",
        from_department=event.from_department,
        to_department=event.to_department,
        addressee=event.addressee,
        subject=event.subject,
        content=event.content,
        issued_by=event.issued_by,
        issued_on=event.issued_on,
        rule_version=event.rule_version,
        due_at=event.due_at,
    )


def _answered(state: LiaisonSheetState, event: m.LiaisonAnswered) -> LiaisonSheetState:
    return replace(
        state,
        status="answered",
        answer=event.answer,
        answered_by=event.answered_by,
        answered_on=event.answered_on,
        late=event.late,
        due_at=None,
    )


evolve: Evolve[LiaisonSheetState] = folding(
    "a liaison sheet",
    begins={m.LiaisonIssued: _issued},
    steps={
        m.LiaisonAnswered: _answered,
        m.AnswerReturned: lambda state, event: replace(
            state, status="issued", round=event.round, due_at=event.due_at, late=False
        ),
        m.AnswerOverdue: lambda state, _: replace(state, due_at=None, late=True),
        m.LiaisonClosed: lambda state, event: replace(
            state, status="closed", evaluation=event.evaluation, closed_by=event.closed_by
        ),
    },
)
