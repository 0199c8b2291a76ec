"""What goes into a month's scorecard and what comes out of it."""

from decimal import Decimal
from typing import Literal

import msgspec

Group = Literal["staff", "students"]
Band = Literal["excellent", "qualified", "marginal", "failed"]
IncidentKind = Literal["accident", "higher_authority", "leader_document", "college_criticism"]
Ground = Literal["accident", "higher_authority", "leader_document", "college_criticism", "dissatisfaction"]

GROUPS: tuple[Group, ...] = ("staff", "students")


class Mark(msgspec.Struct, frozen=True):
    """Findings or complaints on one item: the id of the record, the item's code, how many."""

    id: str
    item_code: str
    count: int


class BallotMark(msgspec.Struct, frozen=True):
    """One valid ballot."""

    id: str
    group: Group
    score: Decimal


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """Something that may veto the month; loss and casualties matter to an accident alone."""

    id: str
    kind: IncidentKind
    loss_fen: int = 0
    casualties: int = 0


class ScoreInputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stood when the month was scored."""

    findings: tuple[Mark, ...] = ()
    complaints: tuple[Mark, ...] = ()
    ballots: tuple[BallotMark, ...] = ()
    incidents: tuple[Incident, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the computation: what was done, by which clause and reading, from what, with what result.

    ``inputs`` are ``id=amount`` pairs or named values; ``result`` is exact, as a decimal or as ``n/d``.
    """

    code: str
    zh: str
    en: str
    clause: str
    result: str
    inputs: tuple[str, ...] = ()
    reading: str | None = None


class Veto(msgspec.Struct, frozen=True, kw_only=True):
    """A ground on which the month fails whatever its score (一票否决)."""

    ground: Ground
    clause: str
    zh: str
    en: str
    incident_id: str | None = None


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """A month's result with its whole derivation.

    ``centre``, ``satisfaction`` and ``dissatisfaction_percent`` are shown rounded to 0.01; the steps hold them
    exactly. ``complaints_deducted`` is what complaints take, before the floor of zero.
    """

    score: Decimal
    band: Band
    rule_version: int
    centre: Decimal
    satisfaction: Decimal | None
    complaints_deducted: Decimal
    dissatisfaction_percent: Decimal | None
    vetoes: tuple[Veto, ...]
    dropped_ballots: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def vetoed(self) -> bool:
        """Whether any ground of veto holds."""
        return bool(self.vetoes)
