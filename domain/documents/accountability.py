"""The papers of an accountability case (R4): report of the investigation, decision, proof of service, review."""

from datetime import date
from uuid import UUID

import msgspec

from domain.documents.sheet import Box, Citation, Contents, Grid, Kind, Passage, Person, Row, Sheet, chinese_date
from domain.kernel import Text

_MATTER = Text("事项", "Matter")
_RESPONDENT = Text("问责对象", "Respondent")
_BODIES = {"party_committee": "党委会", "college_meeting": "院务会议"}
_METHODS = {
    "in_person": "直接送达",
    "through_the_unit": "单位转交",
    "registered_mail": "挂号邮寄",
    "left_in_place": "留置送达",
}
_OUTCOMES = {"upheld": "维持原决定", "changed": "变更原决定", "revoked": "撤销原决定"}
_NONE = "—"


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about a respondent, in the words of the rules that applied."""

    responsibility: str | None
    severity: str | None
    attitude: str | None
    forms: tuple[str, ...]
    reason: str


class InvestigationReport(Contents, frozen=True, kw_only=True, tag="investigation_report"):
    """The report of an investigation with its cover; ``evidence`` are the digests of files."""

    case_id: UUID
    matter: str
    respondents: tuple[str, ...]
    leader: Person | None
    members: tuple[Person, ...]
    report: str
    evidence: tuple[str, ...]
    late: bool


class AccountabilityDecision(Contents, frozen=True, kw_only=True, tag="accountability_decision"):
    """The written decision about one respondent, with the statement of his rights."""

    case_id: UUID
    respondent: str
    unit: bool
    matter: str
    grounds: tuple[str, ...]
    holding: Holding
    body: str
    decided_on: date
    review_days: int


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """How the decision reached the respondent; ``proof`` is the reference of what was signed."""

    received_on: date
    received_by: str
    method: str
    proof: str
    late: bool
    review_until: date
    served_by: Person


class ProofOfService(Contents, frozen=True, kw_only=True, tag="proof_of_service"):
    """The proof that a decision was served: first to be signed, then, with ``service``, as it was recorded."""

    case_id: UUID
    respondent: str
    matter: str
    decision_id: UUID
    decided_on: date
    service: Service | None = None


class ReviewDecision(Contents, frozen=True, kw_only=True, tag="review_decision"):
    """What a review made of a decision about one respondent; ``holding`` is what stands now, if anything does."""

    case_id: UUID
    respondent: str
    matter: str
    decision_id: UUID
    requested_on: date
    decided_on: date
    outcome: str
    reason: str
    original: Holding
    holding: Holding | None
    in_force_meanwhile: tuple[str, ...]


def _case(case_id: UUID) -> Row:
    return Row(Text("案件编号", "Case"), str(case_id)[:8].upper())


def _held(holding: Holding, heading: Text) -> tuple[Row, ...]:
    found = "、".join(part for part in (holding.responsibility, holding.severity) if part)
    rows = [Row(Text("责任与情节", "Responsibility, severity"), found or _NONE)]
    if holding.attitude:
        rows.append(Row(Text("从重从轻", "Heavier or lighter"), holding.attitude))
    return (*rows, Row(heading, "；".join(holding.forms) or "不予问责"))


def _report(held: InvestigationReport) -> Sheet:
    leader = held.leader.shown if held.leader else _NONE
    return Sheet(
        rows=(
            _case(held.case_id),
            Row(_MATTER, held.matter),
            Row(_RESPONDENT, "、".join(held.respondents) or _NONE),
            Row(Text("调查组组长", "Leader of the team"), leader),
            Row(Text("调查组成员", "Members"), "、".join(person.shown for person in held.members) or _NONE),
            Row(Text("期限", "Time limit"), "逾期提交" if held.late else "按期提交"),
        ),
        passages=(Passage(Text("调查情况", "Report"), held.report),),
        grids=(
            Grid(
                Text("所附证据材料", "Evidence"),
                (Text("序号", "No."), Text("内容摘要（SHA-256）", "Digest")),
                tuple((str(number), digest) for number, digest in enumerate(held.evidence, 1)),
            ),
        )
        if held.evidence
        else (),
        boxes=(
            Box(Text("调查组组长", "Leader of the team")),
            *(Box(Text("调查组成员", "Member")) for person in held.members if held.leader != person),
        ),
        sealed=False,
    )


def _decision(held: AccountabilityDecision) -> Sheet:
    days = held.review_days
    return Sheet(
        addressee=held.respondent,
        rows=(
            _case(held.case_id),
            Row(_RESPONDENT, f"{held.respondent}（{'单位' if held.unit else '个人'}）"),
            Row(_MATTER, held.matter),
            Row(Text("问责事由", "Grounds"), "；".join(held.grounds) or _NONE),
            *_held(held.holding, Text("问责形式", "Forms")),
            Row(Text("决定机构", "Resolved by"), _BODIES.get(held.body, held.body)),
            Row(Text("决定日期", "Resolved on"), chinese_date(held.decided_on)),
        ),
        passages=(Passage(Text("认定与理由", "Findings and reasons"), held.holding.reason),),
        statement=(
            Text(
                f"权利告知：对本决定不服的，可以自收到本决定书之日起{days}个工作日内，向问责领导小组办公室书面申请复核；"
                "申请人有权陈述意见、提交证据，并可以要求与本案有利害关系的人员回避。复核期间，本决定不停止执行。",
                f"Your rights: within {days} working days of receiving this decision you may ask the accountability "
                "office in writing for a review, be heard, submit evidence, and ask that interested persons withdraw. "
                "A review does not suspend the decision.",
            ),
        ),
    )


def _proof(held: ProofOfService) -> Sheet:
    service = held.service
    if service is None:
        choices = "　".join(f"□{method}" for method in _METHODS.values())
        told: tuple[Row, ...] = (
            Row(Text("送达方式", "How"), choices),
            Row(Text("签收日期", "Received on"), "　　　　年　　月　　日"),
        )
    else:
        told = (
            Row(Text("送达方式", "How"), _METHODS.get(service.method, service.method)),
            Row(
                Text("签收日期", "Received on"),
                chinese_date(service.received_on) + ("（逾期）" if service.late else ""),
            ),
            Row(Text("签收人", "Received by"), service.received_by),
            Row(Text("回证凭据", "Proof"), service.proof),
            Row(Text("可申请复核至", "Review until"), chinese_date(service.review_until)),
        )
    return Sheet(
        rows=(
            _case(held.case_id),
            Row(Text("受送达人", "Served upon"), held.respondent),
            Row(_MATTER, held.matter),
            Row(Text("送达文书", "Served"), f"问责决定书（{chinese_date(held.decided_on)}作出）"),
            *told,
        ),
        cited=(Citation(Text("文书文号", "Its number"), held.decision_id),),
        statement=(
            Text(
                "受送达人签收本回证，即表示已收到决定书及其所附权利告知；拒绝签收的，由送达人和见证人注明情况。",
                "Whoever signs confirms having received the decision with the statement of rights. "
                "A refusal to sign is noted by the server and a witness.",
            ),
        ),
        boxes=(
            Box(Text("受送达人", "Served upon"), service.received_by if service else ""),
            Box(Text("送达人", "Served by"), service.served_by.shown if service else ""),
            Box(Text("见证人", "Witness")),
        ),
    )


def _review(held: ReviewDecision) -> Sheet:
    now = () if held.holding is None else _held(held.holding, Text("现行问责形式", "Forms now"))
    return Sheet(
        addressee=held.respondent,
        rows=(
            _case(held.case_id),
            Row(_RESPONDENT, held.respondent),
            Row(_MATTER, held.matter),
            Row(Text("申请日期", "Asked for on"), chinese_date(held.requested_on)),
            Row(Text("原问责形式", "Forms before"), "；".join(held.original.forms) or _NONE),
            Row(Text("复核结果", "Outcome"), _OUTCOMES.get(held.outcome, held.outcome)),
            *now,
            Row(Text("复核期间有效", "In force meanwhile"), "；".join(held.in_force_meanwhile) or _NONE),
            Row(Text("复核日期", "Decided on"), chinese_date(held.decided_on)),
        ),
        cited=(Citation(Text("原决定文号", "The decision's number"), held.decision_id),),
        passages=(Passage(Text("复核意见", "Reasons"), held.reason),),
        statement=(
            Text(
                "复核期间原决定未停止执行；原决定被变更或撤销的，其影响以新的记录予以更正。",
                "The decision was carried out while it was reviewed; new entries take back what no longer stands.",
            ),
        ),
    )


ACCOUNTABILITY_KINDS = (
    Kind(
        name="investigation_report",
        code="调",
        title=Text("问责调查报告", "Investigation report"),
        subject="accountability_case",
        clause="R4.16",
        contents=InvestigationReport,
        sheet=_report,
    ),
    Kind(
        name="accountability_decision",
        code="问责",
        title=Text("问责决定书", "Decision of accountability"),
        subject="accountability_case",
        clause="R4.17",
        contents=AccountabilityDecision,
        sheet=_decision,
    ),
    Kind(
        name="proof_of_service",
        code="送",
        title=Text("送达回证", "Proof of service"),
        subject="accountability_case",
        clause="R4.17",
        contents=ProofOfService,
        sheet=_proof,
    ),
    Kind(
        name="review_decision",
        code="复核",
        title=Text("问责复核决定书", "Review decision"),
        subject="accountability_case",
        clause="R4.18",
        contents=ReviewDecision,
        sheet=_review,
    ),
)
