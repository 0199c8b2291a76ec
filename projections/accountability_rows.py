"""The rows of the projection "accountability": what cases of accountability are folded into."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from projections.tables import Table


class CaseRow(msgspec.Struct):
    """A case; ``to_serve`` counts those held to account upon whom the decision is still to be served."""

    case_id: UUID
    reported_position: int
    reported_on: date
    matter: str
    source: str
    source_zh: str
    source_en: str
    anonymous: bool
    complaint_id: UUID | None
    status: str = "reported"
    about_case: UUID | None = None
    merged_into: UUID | None = None
    respondents: int = 0
    to_serve: int = 0
    decided_on: date | None = None


class InterestedRow(msgspec.Struct):
    """Somebody from whom a case is kept."""

    case_id: UUID
    person: UUID


class LimitRow(msgspec.Struct):
    """A running limit; ``level`` is how far up the ladder its passing has been told (0: not at all)."""

    case_id: UUID
    key: str
    stage: str
    respondent_id: UUID | None
    respondent_name: str | None
    form: str | None
    started_on: date
    days: int
    due_on: date
    due_at: datetime
    own: bool
    clause: str
    role: str | None
    provisional: bool = False
    level: int = 0


class RespondentRow(msgspec.Struct):
    """A respondent of a case."""

    case_id: UUID
    respondent_id: UUID
    name: str


class EffectRow(msgspec.Struct):
    """An effect on a person's month or a unit's year; ``reversed_position`` is none while it stands."""

    entry_key: str
    case_id: UUID
    subject_kind: str
    subject: str
    subject_name: str
    period: str
    effect: str
    form: str
    form_zh: str
    form_en: str
    clause: str
    rule_version: int
    readings: str
    imposed_at: datetime
    imposed_position: int
    reversed_at: datetime | None = None
    reversed_position: int | None = None
    reversal_reason: str | None = None


INTERESTED = Table("accountability_interested", InterestedRow, ("case_id", "person"))
CASES = Table("accountability_cases", CaseRow, ("case_id",))
LIMITS = Table("accountability_limits", LimitRow, ("case_id", "key"))
RESPONDENTS = Table("accountability_respondents", RespondentRow, ("case_id", "respondent_id"))
EFFECTS = Table("appraisal_effects", EffectRow, ("entry_key",))
