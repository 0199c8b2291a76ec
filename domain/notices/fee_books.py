"""Fee books: money not handed over, differences, accounts not published in time, and accounts that were (R13)."""

from domain.fee_book import FeeBookState
from domain.fee_book import events as e
from domain.fee_book.parts import Amounts
from domain.kernel import Cause, Text
from domain.money import yuan
from domain.notices.notice import Notice, NoticeRule, short
from domain.repair_fund import RepairFundState
from domain.repair_fund.messages import FundStatementOverdue

FINANCE, ABOVE = "finance", "company_manager"


def overdue(event: e.HandoverOverdue, cause: Cause, _: FeeBookState) -> tuple[Notice, ...]:
    """The collector and finance; from the second time on the manager, too."""
    ref, count, owed = short(cause.stream_id), len(event.entries), yuan(event.amount_fen)
    return (
        Notice(
            persons=(event.collector,),
            roles=(FINANCE,) if event.level == 1 else (FINANCE, ABOVE),
            subject=Text(
                f"收款未按期上交（第 {event.level} 次）", f"Receipts not handed over in time (report {event.level})"
            ),
            body=Text(
                f"账簿 {ref} 有 {count} 笔收款共 {owed} 元未按期上交，最早一笔收于 {event.oldest_on}。",
                f"Book {ref}: {count} receipts, {owed} yuan together, are not handed over; the oldest came on "
                f"{event.oldest_on}.",
            ),
            clause=event.clause,
            noun="fee_book",
            stream_id=cause.stream_id,
        ),
    )


def handed_over(event: e.HandedOver, cause: Cause, _: FeeBookState) -> tuple[Notice, ...]:
    """Finance has something to count."""
    ref, number = short(cause.stream_id), event.handover
    return (
        Notice(
            roles=(FINANCE,),
            subject=Text(f"收款上交待确认：第 {number} 次", f"Hand-over {number} awaits finance"),
            body=Text(
                f"账簿 {ref} 第 {number} 次上交共 {len(event.entries)} 笔，请清点确认。",
                f"Book {ref}, hand-over {number}: {len(event.entries)} entries to be counted and confirmed.",
            ),
            clause=event.clause,
            noun="fee_book",
            stream_id=cause.stream_id,
        ),
    )


def difference(event: e.DifferenceRecorded, cause: Cause, _: FeeBookState) -> tuple[Notice, ...]:
    """Whoever handed over, and the manager."""
    ref, number, amount = short(cause.stream_id), event.handover, _signed(event.difference)
    return (
        Notice(
            persons=(event.collector,),
            roles=(ABOVE,),
            subject=Text(f"第 {number} 次上交存在差异", f"Hand-over {number} has a difference"),
            body=Text(
                f"账簿 {ref} 第 {number} 次上交与收款记录相差 {amount} 元，待处理。",
                f"Book {ref}, hand-over {number} differs from its receipts by {amount} yuan; it is open.",
            ),
            clause=event.clause,
            noun="fee_book",
            stream_id=cause.stream_id,
        ),
    )


def unpublished(
    event: e.PublicationOverdue | FundStatementOverdue, cause: Cause, _: FeeBookState | RepairFundState
) -> tuple[Notice, ...]:
    """Finance owes it; from the second time on the manager is told, too."""
    noun = "fee_book" if isinstance(event, e.PublicationOverdue) else "repair_fund"
    what = "账簿" if noun == "fee_book" else "修缮基金"
    ref, period = short(cause.stream_id), f"{event.first_month}–{event.last_month}"
    return (
        Notice(
            roles=(FINANCE,) if event.level == 1 else (FINANCE, ABOVE),
            subject=Text(
                f"{period} 收支账目未按期公布（第 {event.level} 次）",
                f"Accounts of {period} not published in time (report {event.level})",
            ),
            body=Text(
                f"{what} {ref} 的 {period} 收支账目应于 {event.due_on} 前公布，至今未公布。",
                f"{noun} {ref}: the accounts of {period} were to be published by {event.due_on} and are not.",
            ),
            clause=event.clause,
            noun=noun,
            stream_id=cause.stream_id,
        ),
    )


def _signed(amounts: Amounts) -> str:
    total = amounts.cash_fen + amounts.transfer_fen + amounts.card_fen
    return yuan(total) if total >= 0 else f"-{yuan(-total)}"


NOTICES = (
    NoticeRule(name="handover_overdue", events=(e.HandoverOverdue,), make=overdue),
    NoticeRule(name="receipts_handed_over", events=(e.HandedOver,), make=handed_over),
    NoticeRule(name="handover_differs", events=(e.DifferenceRecorded,), make=difference),
    NoticeRule(name="accounts_unpublished", events=(e.PublicationOverdue, FundStatementOverdue), make=unpublished),
)
