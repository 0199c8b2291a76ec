"""A department's daily self-check sheets of a month (服务质量检查与考评表), then submitted (R15.5.1.3)."""

from uuid import UUID

from domain.kernel import CommandSpec, Decider, Text, derived_id
from domain.quality_sheet import handlers
from domain.quality_sheet import messages as m
from domain.quality_sheet.state import QualitySheetState, evolve

__all__ = ["QUALITY_SHEET", "QualitySheetState", "sheets_id"]


def sheets_id(department: UUID, month: str) -> UUID:
    """The stream of a department's sheets of a month."""
    return derived_id(department, "quality_sheet", month)


QUALITY_SHEET = Decider(
    noun="quality_sheet",
    plural="quality-sheets",
    title=Text(zh="服务质量检查与考评表", en="month of self-check sheets"),
    state=QualitySheetState,
    statuses=("open", "submitted"),
    commands=(
        CommandSpec(
            command=m.FrameSheets,
            handler=handlers.frame,
            permission="quality_sheet.frame_sheets",
            summary=Text(zh="设立月度自查册", en="Keep a month's sheets"),
            clause="R15.5.1.3.1",
            opens=True,
            audience="internal",
        ),
        CommandSpec(
            command=m.FileSheet,
            handler=handlers.file_sheet,
            permission="quality_sheet.file_sheet",
            summary=Text(zh="填报自查表", en="File a day's sheet"),
            clause="R15.5.1.3.1",
        ),
        CommandSpec(
            command=m.AmendSheet,
            handler=handlers.amend,
            permission="quality_sheet.amend_sheet",
            summary=Text(zh="更正自查表", en="State a day's sheet anew"),
            clause="R15.5.1.3.1",
        ),
        CommandSpec(
            command=m.SubmitSheets,
            handler=handlers.submit,
            permission="quality_sheet.submit_sheets",
            summary=Text(zh="上报自查表", en="Submit the month's sheets"),
            clause="R15.5.1.3.2",
        ),
    ),
    events=(m.SheetsOpened, m.SheetsReframed, m.SheetFiled, m.SheetAmended, m.SheetsSubmitted),
    evolve=evolve,
)
