"""The R11 values of files and hand-overs (R11.1), and of help to other departments (R11.3)."""

from datetime import time
from typing import Annotated, Literal

import msgspec

from domain.rules.fields import rule
from domain.rules.role_names import RoleName

Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]
"""Monday is 1, Sunday 7."""


class R11Documents(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Time limits count from receipt; ``0`` days is the same day. Amounts are fen."""

    day_ends: Annotated[
        Literal["midnight", "close_of_business"],
        rule(
            "R11.2.1",
            "“当日”的终点",
            "When a day ends",
            reading="R11.day_ends",
            options={"midnight": ("24:00", "24:00"), "close_of_business": ("下班时", "end of business")},
        ),
    ] = "midnight"
    business_opens_at: Annotated[time, rule("R11.2.1", "上班时间", "Business opens at", own=True)] = time(9)
    business_closes_at: Annotated[time, rule("R11.2.1", "下班时间", "Business closes at", own=True)] = time(18)

    filing_days: Annotated[
        int,
        rule("R11.1.1", "文件查收建档期限", "Files are checked and filed within", unit="days", lowest=0, highest=30),
    ] = 0
    binding_days: Annotated[
        int, rule("R11.1.2", "档案归卷期限", "Archives are bound within", unit="days", lowest=0, highest=30)
    ] = 0
    company_copy_weekdays: Annotated[
        tuple[Weekday, ...],
        msgspec.Meta(min_length=1, max_length=7),
        rule("R11.1.3", "上交公司存档日（周一为1）", "Weekdays of company copies (Monday is 1)"),
    ] = (1, 4)
    company_copy_holiday: Annotated[
        Literal["next_working_day", "skipped"],
        rule(
            "R11.1.3",
            "上交日逢假日",
            "A hand-over day on a holiday",
            reading="R11.1.3.holiday",
            options={
                "next_working_day": ("顺延至下一工作日", "moves to the next working day"),
                "skipped": ("跳过", "is skipped"),
            },
        ),
    ] = "next_working_day"
    borrowing_signed_by: Annotated[RoleName, rule("R11.1.4", "档案借阅签批人", "Borrowing is signed by")] = (
        "sales_director"
    )
    borrowing_days: Annotated[
        int,
        rule(
            "R11.1.4", "借阅归还期限", "Borrowed files come back within", unit="days", lowest=1, highest=365, own=True
        ),
    ] = 7
    mortgage_hours: Annotated[
        int,
        rule(
            "R11.1.5",
            "按揭文件移交期限",
            "Mortgage documents go to the lawyer within",
            unit="hours",
            lowest=1,
            highest=720,
        ),
    ] = 24
    mortgage_clock: Annotated[
        Literal["running", "working"],
        rule(
            "R11.1.5",
            "移交时限的计时",
            "The clock of the hand-over",
            reading="R11.1.5.clock",
            options={"running": ("连续小时", "running hours"), "working": ("工作小时", "working hours")},
        ),
    ] = "running"
    registration_working_days: Annotated[
        int,
        rule(
            "R11.1.6", "上网登记期限", "Online registration within", unit="working_days", lowest=0, highest=60, own=True
        ),
    ] = 1
    presale_documents_days: Annotated[
        int,
        rule(
            "R11.1.7",
            "预售文件转交期限",
            "Presale documents go to the lawyer within",
            unit="days",
            lowest=0,
            highest=30,
        ),
    ] = 0
    registered_contract_working_days: Annotated[
        int,
        rule(
            "R11.1.8",
            "登记后合同转交期限",
            "Registered contracts go on within",
            unit="working_days",
            lowest=0,
            highest=60,
        ),
    ] = 2
    progress_report_days: Annotated[
        int, rule("R11.1.9", "进度报告间隔", "Progress is reported every", unit="days", lowest=1, highest=365, own=True)
    ] = 7
    presale_preparation_working_days: Annotated[
        int,
        rule(
            "R11.1.11",
            "预售契约准备期限",
            "Presale contracts are ready within",
            unit="working_days",
            lowest=0,
            highest=60,
            own=True,
        ),
    ] = 2
    stamp_duty_days: Annotated[
        int,
        rule("R11.1.12", "印花税交纳期限", "Stamp duty is paid within", unit="days", lowest=1, highest=365, own=True),
    ] = 15

    lost_document_fine_fen: Annotated[
        int,
        rule("R11.1.10", "遗失文件每件扣款", "Fine for each lost document", unit="fen", lowest=0, highest=10_000_000),
    ] = 10_000
    lost_document_joint_fen: Annotated[
        int,
        rule(
            "R11.1.10",
            "遗失文件连带扣款",
            "Joint fine for each lost document",
            unit="fen",
            lowest=0,
            highest=10_000_000,
        ),
    ] = 5_000
    lost_document_joint_roles: Annotated[
        tuple[RoleName, ...],
        msgspec.Meta(max_length=5),
        rule("R11.1.10", "遗失文件的连带责任人", "Jointly liable for a lost document"),
    ] = ("sales_director",)
    late_work_lowest_fen: Annotated[
        int,
        rule("R11.1.13", "工作延误处罚下限", "Fine for late work, at least", unit="fen", lowest=0, highest=10_000_000),
    ] = 2_000
    late_work_highest_fen: Annotated[
        int,
        rule("R11.1.13", "工作延误处罚上限", "Fine for late work, at most", unit="fen", lowest=0, highest=10_000_000),
    ] = 5_000
    help_fine_fen: Annotated[
        int, rule("R11.3", "未配合工作每次扣款", "Fine each time help fails", unit="fen", lowest=0, highest=10_000_000)
    ] = 10_000
    help_joint_fen: Annotated[
        int,
        rule(
            "R11.3", "未配合工作连带扣款", "Joint fine each time help fails", unit="fen", lowest=0, highest=10_000_000
        ),
    ] = 5_000
    help_joint_roles: Annotated[
        tuple[RoleName, ...],
        msgspec.Meta(max_length=5),
        rule("R11.3", "未配合工作的连带责任人", "Jointly liable when help fails"),
    ] = ("sales_director", "director_assistant")
