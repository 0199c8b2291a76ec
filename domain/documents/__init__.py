"""The kinds of documents that the service prints. A new kind is its contents, its layout, and a line here."""

from collections.abc import Mapping

from domain.documents.accountability import (
    ACCOUNTABILITY_KINDS,
    AccountabilityDecision,
    InvestigationReport,
    ProofOfService,
    ReviewDecision,
)
from domain.documents.accounts import ACCOUNTS_KINDS, PublishedAccounts
from domain.documents.complaints import COMPLAINT_KINDS, ComplaintForm, HandlingNotice, SolutionSheet
from domain.documents.fees import FEE_KINDS, FeeNotice, FeeReminder
from domain.documents.goods import GOODS_KINDS, ReceiptForm
from domain.documents.penalties import PENALTY_KINDS, PenaltySlip
from domain.documents.quality import QUALITY_KINDS, AnnualReport, GoalAssessment, LiaisonPaper, MonthlyReport
from domain.documents.sheet import Contents, Kind
from domain.documents.vehicles import VEHICLE_KINDS, DispatchOrder, UnitStatement

__all__ = ["KINDS", "AnyContents", "kind_of"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *COMPLAINT_KINDS,
        *PENALTY_KINDS,
        *ACCOUNTABILITY_KINDS,
        *VEHICLE_KINDS,
        *QUALITY_KINDS,
        *FEE_KINDS,
        *GOODS_KINDS,
        *ACCOUNTS_KINDS,
    )
}

AnyContents = (
    ComplaintForm
    | HandlingNotice
    | SolutionSheet
    | ReceiptForm
    | PublishedAccounts
    | PenaltySlip
    | InvestigationReport
    | AccountabilityDecision
    | ProofOfService
    | ReviewDecision
    | DispatchOrder
    | UnitStatement
    | LiaisonPaper
    | MonthlyReport
    | AnnualReport
    | GoalAssessment
    | FeeNotice
    | FeeReminder
)
"""The contents of every kind; stored with the kind's name as ``kind``."""


def kind_of(contents: Contents) -> Kind:
    """The kind that contents are of."""
    return KINDS[str(contents.__struct_config__.tag)]
