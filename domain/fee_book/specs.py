"""Who may send a fee book what."""

from domain.fee_book import commands as c
from domain.fee_book import handing, noting, publishing, spending
from domain.kernel import CommandSpec, Text

NOTED = (
    CommandSpec(
        command=c.BeginBook,
        handler=noting.begin,
        permission="fee_book.begin_book",
        summary=Text(zh="设立收支账簿", en="Begin a project's book"),
        clause="R13.4.3",
        opens=True,
        audience="internal",
    ),
    CommandSpec(
        command=c.NoteReceipt,
        handler=noting.receipt,
        permission="fee_book.note_receipt",
        summary=Text(zh="记入收款", en="Note a payment"),
        clause="R13.4.2.7",
        opens=True,
        audience="internal",
    ),
    CommandSpec(
        command=c.NoteReversal,
        handler=noting.reversal,
        permission="fee_book.note_reversal",
        summary=Text(zh="记入收款冲销", en="Note that a payment was taken back"),
        clause="R13.4.2.7",
        opens=True,
        audience="internal",
    ),
    CommandSpec(
        command=c.NoteSettlement,
        handler=noting.settlement,
        permission="fee_book.note_settlement",
        summary=Text(zh="记入抵扣", en="Note what pays another charge"),
        clause="R13.4.3",
        opens=True,
        audience="internal",
    ),
    CommandSpec(
        command=c.LapseHandover,
        handler=handing.lapse,
        permission="fee_book.lapse_handover",
        summary=Text(zh="上交逾期", en="Tell that receipts are not handed over"),
        clause="R13.4.2.7",
        audience="internal",
    ),
    CommandSpec(
        command=c.LapsePublication,
        handler=publishing.lapse,
        permission="fee_book.lapse_publication",
        summary=Text(zh="公布逾期", en="Tell that accounts are not published"),
        clause="R13.4.3",
        audience="internal",
    ),
)
ASKED = (
    CommandSpec(
        command=c.NameBook,
        handler=publishing.name_book,
        permission="fee_book.name_book",
        summary=Text(zh="命名账簿", en="Name the project's book"),
        clause="R13.4.3",
    ),
    CommandSpec(
        command=c.HandOver,
        handler=handing.hand_over,
        permission="fee_book.hand_over",
        summary=Text(zh="上交收款", en="Hand receipts over to finance"),
        clause="R13.4.2.7",
    ),
    CommandSpec(
        command=c.ConfirmHandover,
        handler=handing.confirm,
        permission="fee_book.confirm_handover",
        summary=Text(zh="确认上交", en="Confirm a hand-over"),
        clause="R13.4.2.7",
    ),
    CommandSpec(
        command=c.RecordDifference,
        handler=handing.record_difference,
        permission="fee_book.record_difference",
        summary=Text(zh="登记差异", en="Record a difference"),
        clause="R13.4.2.7",
    ),
    CommandSpec(
        command=c.SettleDifference,
        handler=handing.settle,
        permission="fee_book.settle_difference",
        summary=Text(zh="处理差异", en="Settle a difference"),
        clause="R13.4.2.7",
    ),
    CommandSpec(
        command=c.AppointSupplier,
        handler=spending.appoint_supplier,
        permission="fee_book.appoint_supplier",
        summary=Text(zh="指定代收单位", en="Name the supplier of an item"),
        clause="R13.4.1",
    ),
    CommandSpec(
        command=c.PassOn,
        handler=spending.pass_on,
        permission="fee_book.pass_on",
        summary=Text(zh="代收转付", en="Pass on what was collected"),
        clause="R13.4.1",
    ),
    CommandSpec(
        command=c.RecordExpenditure,
        handler=spending.record_expenditure,
        permission="fee_book.record_expenditure",
        summary=Text(zh="登记支出", en="Record an expenditure"),
        clause="R13.4.3",
    ),
    CommandSpec(
        command=c.ReverseBookEntry,
        handler=spending.reverse,
        permission="fee_book.reverse_book_entry",
        summary=Text(zh="冲销", en="Take an entry back"),
        clause="R13.4.3",
    ),
    CommandSpec(
        command=c.PublishAccounts,
        handler=publishing.publish,
        permission="fee_book.publish_accounts",
        summary=Text(zh="公布收支账目", en="Publish income and expenditure"),
        clause="R13.4.3",
    ),
)
