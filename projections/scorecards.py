"""Where does a scorecard of an assessment stand in its stream? The stream itself then tells the whole derivation."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from projections.assessments import ASSESSMENTS
from projections.kernel import Connection, live_build

PROJECTION = ASSESSMENTS.name
MAX_REVISIONS = 200

SCORECARDS = (
    "select revision, version, position, score, band, vetoed, scored_at from assessed_scorecards"  # noqa: S608 - ours
    f" where tenant_id = $1 and build = {live_build(PROJECTION)} and assessment_id = $2"
    " and ($3::integer is null or revision = $3) order by revision desc limit $4"
)


class ScorecardPlace(msgspec.Struct, frozen=True):
    """One scoring of a month and the place of its event; the result in short."""

    revision: int
    version: int
    position: int
    score: Decimal
    band: str
    vetoed: bool
    scored_at: datetime


async def scorecards(
    connection: Connection, tenant: UUID, assessment: UUID, revision: int | None = None
) -> list[ScorecardPlace]:
    """The scorings of an assessment, latest first and at most `MAX_REVISIONS`; or the one of a revision."""
    rows = await connection.fetch(SCORECARDS, tenant, assessment, revision, MAX_REVISIONS)
    return [ScorecardPlace(*row) for row in rows]
