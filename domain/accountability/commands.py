"""What is asked of an accountability case up to the resolution; what follows it stands in `aftermath`."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.accountability.words import (
    Body,
    Code,
    Codes,
    Interested,
    Line,
    Persons,
    Prose,
    RespondentDetails,
    RespondentRecord,
    VerdictGiven,
)
from domain.evidence import Digest, Evidence
from domain.kernel import Command
from domain.rules.r4_matrix import REFERRED

RecusalGround = Literal["respondent", "reporter", "relative", "interest"]


class ReportMatter(Command, frozen=True, kw_only=True):
    """Report in one's own name that somebody did not do his duty (举报).

    ``about_case`` names the case whose handlers are reported for abusing the office.
    """

    matter: Line
    account: Prose
    source: Code = REFERRED
    grounds: Codes = ()
    respondents: Annotated[tuple[RespondentDetails, ...], msgspec.Meta(max_length=20)] = ()
    evidence: Evidence = ()
    about_case: UUID | None = None


class RegisterMatter(Command, frozen=True, kw_only=True):
    """Take in as the office what reached it otherwise (受理登记); ``reporter`` is the member it came from, if one."""

    matter: Line
    account: Prose
    source: Code
    grounds: Codes = ()
    respondents: Annotated[tuple[RespondentDetails, ...], msgspec.Meta(max_length=20)] = ()
    evidence: Evidence = ()
    about_case: UUID | None = None
    reporter: UUID | None = None


class ReportAnonymously(Command, frozen=True, kw_only=True):
    """Report without an account (匿名举报); the hash of a receipt is all that leads back."""

    receipt_hash: Digest
    matter: Line
    account: Prose
    source: Code = REFERRED
    grounds: Codes = ()
    evidence: Evidence = ()
    about_case: UUID | None = None


class TakeOverComplaint(Command, frozen=True, kw_only=True):
    """Take in a complaint that turned out to be an accountability matter (接收移送的投诉).

    The receipt of an anonymous complaint opens the conversation about the case too.
    """

    complaint_id: UUID
    matter: Line
    account: Prose
    evidence: Evidence = ()
    receipt_hash: Digest | None = None
    receipt_until: datetime | None = None


class AddInformation(Command, frozen=True, kw_only=True):
    """Add to what was reported (补充材料): the reporter, a respondent in his defence, or anybody who knows more."""

    text: Prose
    evidence: Evidence = ()


class AddInformationByReceipt(Command, frozen=True, kw_only=True):
    """Add to an anonymous report with nothing but its receipt (凭回执补充材料)."""

    receipt_hash: Digest
    text: Prose
    evidence: Evidence = ()


class AnswerReporter(Command, frozen=True, kw_only=True):
    """Write to the reporter, who reads it in his account or by his receipt (答复举报人)."""

    text: Prose


class NameRespondent(Command, frozen=True, kw_only=True):
    """Name one more respondent (列为问责对象)."""

    respondent: RespondentDetails


class RecordRelative(Command, frozen=True, kw_only=True):
    """Record that a member is a relative of a respondent, or of the reporter when no respondent is named (近亲属)."""

    person: UUID
    respondent_id: UUID | None = None
    relation: Line


class LinkHandledCase(Command, frozen=True, kw_only=True):
    """Say which case's handlers this one is about (关联被反映的案件)."""

    case_id: UUID


class RecordVerification(Command, frozen=True, kw_only=True):
    """Record the preliminary verification (初步核实): whether the report holds, and on which grounds."""

    founded: bool
    findings: Prose
    grounds: Codes = ()


class ProposeAccountability(Command, frozen=True, kw_only=True):
    """Propose a verified matter to the leading group in writing (提出书面建议)."""

    proposal: Prose


class DecideInitiation(Command, frozen=True, kw_only=True):
    """Decide whether to initiate the case (决定是否提起问责), with the reasons."""

    initiate: bool
    reason: Prose


class FormTeam(Command, frozen=True, kw_only=True):
    """Form the investigation team, or form it anew (组成调查组). The leader is one of the members."""

    members: Annotated[Persons, msgspec.Meta(min_length=1)]
    leader: UUID


class RequestExtension(Command, frozen=True, kw_only=True):
    """Ask for more time to investigate a complex case (申请延长调查期限)."""

    reason: Prose


class DecideExtension(Command, frozen=True, kw_only=True):
    """Approve or decline more time (审批延长)."""

    approved: bool
    reason: Prose


class RecordObstruction(Command, frozen=True, kw_only=True):
    """Record that somebody refused, interfered with or obstructed the investigation (妨碍调查)."""

    kind: Literal["refusal", "interference", "obstruction"]
    by_whom: Line
    person: UUID | None = None
    happened_on: date
    description: Prose


class SubmitInvestigationReport(Command, frozen=True, kw_only=True):
    """Hand in the written investigation report (提交调查报告)."""

    report: Prose
    evidence: Evidence = ()


class GiveOpinion(Command, frozen=True, kw_only=True):
    """Give the leading group's opinion with the hearing report (处理意见和审理报告), or let the matter rest."""

    accountable: bool
    opinion: Prose
    hearing_report: Prose


class Resolve(Command, frozen=True, kw_only=True):
    """Resolve the case as party committee or college meeting (形成决议): one verdict for each respondent."""

    body: Body
    attendees: Annotated[Persons, msgspec.Meta(min_length=1)]
    verdicts: Annotated[tuple[VerdictGiven, ...], msgspec.Meta(min_length=1, max_length=50)]


class DeclareRecusal(Command, frozen=True, kw_only=True):
    """Withdraw from the case oneself (自行回避)."""

    ground: RecusalGround
    reason: Prose


class RequestRecusal(Command, frozen=True, kw_only=True):
    """Ask that another person withdraw (申请他人回避)."""

    person: UUID
    ground: RecusalGround
    reason: Prose


class DecideRecusal(Command, frozen=True, kw_only=True):
    """Decide on a request for recusal (决定回避申请)."""

    request_id: UUID
    granted: bool
    reason: Prose


class OrderRecusal(Command, frozen=True, kw_only=True):
    """Order a person to withdraw (责令回避)."""

    person: UUID
    ground: RecusalGround
    reason: Prose


class RequestMerge(Command, frozen=True, kw_only=True):
    """Have this case merged into another one (申请并案)."""

    into: UUID
    reason: Prose


class OfferMerge(Command, frozen=True, kw_only=True):
    """Another case asks to be taken in (并案征询)."""

    source_case: UUID
    respondents: Annotated[tuple[RespondentRecord, ...], msgspec.Meta(max_length=50)]
    grounds: Codes
    interested: Interested


class ConcludeMerge(Command, frozen=True, kw_only=True):
    """What the other case answered (并案答复)."""

    into: UUID
    accepted: bool


class LapseMerge(Command, frozen=True, kw_only=True):
    """The other case has had its time to answer (并案无答复)."""


class TellHandlers(Command, frozen=True, kw_only=True):
    """A case about this one's handlers asks who they are (查询经办人员)."""

    case_id: UUID


class BarHandlers(Command, frozen=True, kw_only=True):
    """Who handled the case that this one is about is interested here (被反映案件经办人回避)."""

    of_case: UUID
    persons: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=2000)]


class BarAccused(Command, frozen=True, kw_only=True):
    """Against whom a case of abuse of this one was initiated is interested here (被追究的经办人回避)."""

    case_id: UUID
    persons: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=50)]
