"""The one index of projections: the follower folds what stands here."""

from projections.accountability import ACCOUNTABILITY
from projections.assessments import ASSESSMENTS
from projections.books import FEE_BOOKS
from projections.charges import FEE_CHARGES
from projections.complaints import COMPLAINTS
from projections.contracts import CONTRACTS
from projections.documents import DOCUMENTS
from projections.duties import DUTIES
from projections.evidence import EVIDENCE
from projections.fees import FEES
from projections.fleet import FLEET
from projections.goods import GOODS
from projections.inspections import INSPECTIONS
from projections.kernel import Projection
from projections.nonconformities import NONCONFORMITIES
from projections.penalties import PENALTIES
from projections.quality import QUALITY
from projections.quality_matters import QUALITY_MATTERS

PROJECTIONS: tuple[Projection, ...] = (
    ASSESSMENTS,
    DUTIES,
    NONCONFORMITIES,
    INSPECTIONS,
    GOODS,
    CONTRACTS,
    FEE_CHARGES,
    FEE_BOOKS,
    EVIDENCE,
    DOCUMENTS,
    ACCOUNTABILITY,
    COMPLAINTS,
    PENALTIES,
    FLEET,
    QUALITY,
    QUALITY_MATTERS,
    FEES,
)
