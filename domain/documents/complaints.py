"""The papers of a complaint (R11.2): the form, the notice of handling, the solution that departments sign."""

from datetime import date

import msgspec

from domain.documents.sheet import Box, Contents, Grid, Kind, Passage, Person, Row, Sheet, chinese_date
from domain.kernel import Text

_SUBJECT = Text("投诉事由", "Subject")
_COMPLAINANTS = {
    "customer": "客户",
    "staff": "本单位职工",
    "anonymous": "匿名（不记录身份）",
}


class ComplaintForm(Contents, frozen=True, kw_only=True, tag="complaint_form"):
    """A complaint as it was taken in. How the complainant is reached is kept apart, and is not printed."""

    complainant: str
    complaint_kind: str
    subject: str
    description: str
    place: str | None
    departments: tuple[str, ...]
    lodged_on: date
    due_on: date | None
    taken_by: Person | None


class HandlingNotice(Contents, frozen=True, kw_only=True, tag="handling_notice"):
    """What the complainant is told of a complaint that is not settled the same day."""

    subject: str
    lodged_on: date
    departments: tuple[str, ...]
    promised_for: date
    responsible: Person | None


class SignedBy(msgspec.Struct, frozen=True, kw_only=True):
    """A department's signature in the system."""

    department: str
    person: Person | None
    comment: str


class SolutionSheet(Contents, frozen=True, kw_only=True, tag="solution_sheet"):
    """The solution of a complaint, for the departments concerned to sign."""

    subject: str
    description: str
    lodged_on: date
    solution: str
    signatures: tuple[SignedBy, ...]
    responsible: Person | None


def _form(held: ComplaintForm) -> Sheet:
    return Sheet(
        rows=(
            Row(Text("投诉日期", "Lodged on"), chinese_date(held.lodged_on)),
            Row(Text("投诉人", "Complainant"), _COMPLAINANTS.get(held.complainant, held.complainant)),
            Row(Text("投诉类别", "Kind"), held.complaint_kind),
            Row(Text("地点或项目", "Place"), held.place or "—"),
            Row(Text("涉及部门", "Departments"), "、".join(held.departments) or "—"),
            Row(Text("应办结日期", "To be settled by"), chinese_date(held.due_on) if held.due_on else "—"),
            Row(Text("登记人", "Taken in by"), held.taken_by.shown if held.taken_by else "—"),
            Row(_SUBJECT, held.subject),
        ),
        passages=(Passage(Text("投诉内容", "Description"), held.description),),
        boxes=(
            Box(Text("投诉人", "Complainant")),
            Box(Text("接待人", "Received by"), held.taken_by.shown if held.taken_by else ""),
            Box(Text("部门负责人", "Head of department")),
        ),
        sealed=False,
    )


def _notice(held: HandlingNotice) -> Sheet:
    return Sheet(
        addressee="投诉人",
        rows=(
            Row(_SUBJECT, held.subject),
            Row(Text("投诉日期", "Lodged on"), chinese_date(held.lodged_on)),
            Row(Text("涉及部门", "Departments"), "、".join(held.departments) or "—"),
            Row(Text("经办人", "Handled by"), held.responsible.shown if held.responsible else "—"),
            Row(Text("约定解决日期", "Promised for"), chinese_date(held.promised_for)),
        ),
        statement=(
            Text(
                f"您的投诉涉及多个部门，当日未能办结，我方将于{chinese_date(held.promised_for)}前给予解决和答复。"
                "届时未获答复的，可凭本告知书的文号向我方上级负责人反映。",
                f"Several departments are concerned; the complaint will be settled by {held.promised_for.isoformat()}. "
                "If you have no answer by then, turn to our management and name the number of this notice.",
            ),
        ),
        boxes=(Box(Text("经办人", "Handled by"), held.responsible.shown if held.responsible else ""),),
    )


def _solution(held: SolutionSheet) -> Sheet:
    signed = tuple(
        (each.department, each.person.shown if each.person else "—", each.comment or "—") for each in held.signatures
    )
    return Sheet(
        rows=(
            Row(_SUBJECT, held.subject),
            Row(Text("投诉日期", "Lodged on"), chinese_date(held.lodged_on)),
            Row(Text("经办人", "Handled by"), held.responsible.shown if held.responsible else "—"),
        ),
        passages=(
            Passage(Text("投诉内容", "Description"), held.description),
            Passage(Text("解决办法", "Solution"), held.solution),
        ),
        grids=(
            Grid(
                Text("系统内会签", "Signed in the system"),
                (Text("部门", "Department"), Text("签字人", "By"), Text("意见", "Comment")),
                signed,
            ),
        ),
        boxes=tuple(
            Box(Text(each.department, "Department"), each.person.shown if each.person else "")
            for each in held.signatures
        ),
        sealed=False,
    )


COMPLAINT_KINDS = (
    Kind(
        name="complaint_form",
        code="诉",
        title=Text("客户投诉单", "Complaint form"),
        subject="complaint",
        clause="R11.2.1",
        contents=ComplaintForm,
        sheet=_form,
    ),
    Kind(
        name="handling_notice",
        code="告",
        title=Text("投诉处理告知书", "Notice of handling"),
        subject="complaint",
        clause="R11.2.2",
        contents=HandlingNotice,
        sheet=_notice,
    ),
    Kind(
        name="solution_sheet",
        code="解",
        title=Text("投诉解决会签单", "Solution, signed by departments"),
        subject="complaint",
        clause="R11.2.4",
        contents=SolutionSheet,
        sheet=_solution,
    ),
)
