"""Penalties: whoever is fined or sanctioned learns of it, and of what becomes of an objection (R11.1, R11.2.2, R11.3).

A complaint's fine is told by the entry that it leads to, once for each who bears a share, and not by the event that
caused the entry.
"""

from uuid import UUID

from domain.kernel import Cause, Text
from domain.notices.notice import Notice, NoticeRule
from domain.penalty_ledger import PenaltyLedgerState
from domain.penalty_ledger.events import ContestDecided, EntryContested, EntryIssued, EntryReversed

DECIDES_CONTESTS = "personnel"


def issued(event: EntryIssued, cause: Cause, state: PenaltyLedgerState) -> tuple[Notice, ...]:
    """An entry stands in somebody's ledger."""
    if event.kind == "fine":
        what = Text(f"罚款 {yuan(event.amount_fen)} 元", f"a fine of {yuan(event.amount_fen)} yuan")
    else:
        what = Text(f"处理：{event.form or event.effect}", f"{event.kind}: {event.form or event.effect}")
    return _to_subject(
        state,
        cause,
        Text(f"处罚台账：{what.zh}", f"Penalty ledger: {what.en}"),
        Text(
            f"依据 {event.clause}，台账记入{what.zh}；如有异议可在台账中提出。",
            f"Under {event.clause} your ledger shows {what.en}; you may object to it there.",
        ),
        event.clause,
    )


def reversed_entry(_: EntryReversed, cause: Cause, state: PenaltyLedgerState) -> tuple[Notice, ...]:
    """An entry's ground is gone."""
    return _to_subject(
        state,
        cause,
        Text("处罚台账：一项记录已冲回", "Penalty ledger: an entry was reversed"),
        Text("您台账中的一项记录已冲回。", "An entry of your ledger was reversed."),
        None,
    )


def contested(event: EntryContested, cause: Cause, _: PenaltyLedgerState) -> tuple[Notice, ...]:
    """Somebody objects, and personnel has to decide."""
    return (
        Notice(
            roles=(DECIDES_CONTESTS,),
            subject=Text("处罚台账：收到异议", "Penalty ledger: an objection"),
            body=Text(
                f"记录 {event.entry_key} 被提出异议，请审议。",
                f"Entry {event.entry_key} is objected to; decide on it.",
            ),
            noun="penalty_ledger",
            stream_id=cause.stream_id,
        ),
    )


def decided(event: ContestDecided, cause: Cause, state: PenaltyLedgerState) -> tuple[Notice, ...]:
    """An objection was decided."""
    outcome = Text("维持原记录", "the entry stands") if event.upheld else Text("撤销该记录", "the entry is taken back")
    return _to_subject(
        state,
        cause,
        Text("处罚台账：异议已审议", "Penalty ledger: your objection was decided"),
        Text(f"您的异议已审议：{outcome.zh}。", f"Your objection was decided: {outcome.en}."),
        None,
    )


def yuan(amount_fen: int) -> str:
    """An amount in yuan, to the fen."""
    return f"{amount_fen // 100}.{amount_fen % 100:02}"


def _to_subject(
    state: PenaltyLedgerState, cause: Cause, subject: Text, body: Text, clause: str | None
) -> tuple[Notice, ...]:
    """To the person whose ledger it is; units have no inbox."""
    if state.subject_kind != "person":
        return ()
    try:
        person = UUID(state.subject)
    except ValueError:
        return ()
    return (
        Notice(
            persons=(person,),
            subject=subject,
            body=body,
            clause=clause,
            noun="penalty_ledger",
            stream_id=cause.stream_id,
        ),
    )


NOTICES = (
    NoticeRule(name="entry_issued", events=(EntryIssued,), make=issued),
    NoticeRule(name="entry_reversed", events=(EntryReversed,), make=reversed_entry),
    NoticeRule(name="entry_contested", events=(EntryContested,), make=contested),
    NoticeRule(name="contest_decided", events=(ContestDecided,), make=decided),
)
