"""The coded lists among R4's values: grounds, sources, severities, responsibilities, forms, cells of the matrix."""

from typing import Annotated, Literal

import msgspec

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]

Execution = Literal["talk", "self_criticism", "circulation", "suspension_or_transfer", "resignation_or_dismissal"]
"""How a form is carried out: which steps are recorded until it is done."""
Step = Literal[
    "talk_held",
    "self_criticism_received",
    "correction_confirmed",
    "circulated",
    "suspended",
    "suspension_ended",
    "transferred",
    "resignation_advised",
    "resignation_ordered",
    "dismissal_proposed",
    "left_office",
]
STEPS: dict[Execution, tuple[Step, ...]] = {
    "talk": ("talk_held",),
    "self_criticism": ("self_criticism_received", "correction_confirmed"),
    "circulation": ("circulated",),
    "suspension_or_transfer": ("suspended", "suspension_ended", "transferred"),
    "resignation_or_dismissal": ("resignation_advised", "resignation_ordered", "dismissal_proposed", "left_office"),
}
"""What is recorded of each way to carry a form out."""
DONE_BY: frozenset[Step] = frozenset(
    {"talk_held", "correction_confirmed", "circulated", "suspension_ended", "transferred", "left_office"}
)
"""The steps after which a form has been carried out."""
AFTER: dict[Step, frozenset[Step]] = {
    "correction_confirmed": frozenset({"self_criticism_received"}),
    "suspension_ended": frozenset({"suspended"}),
    "left_office": frozenset({"resignation_advised", "resignation_ordered", "dismissal_proposed"}),
}
"""Steps of which at least one must have been taken before."""

PersonEffect = Literal["not_excellent", "basically_competent", "not_competent"]
"""What the month's appraisal of a person can no longer be, or must be."""
UnitEffect = Literal["not_excellent"]
"""What the year's appraisal of a unit can no longer be."""


class Ground(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One ground for accountability (问责事由). ``about_handlers`` marks abuse of the accountability office itself."""

    code: Code
    zh: Label
    en: Label
    about_handlers: bool = False


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a case comes from (问责依据来源)."""

    code: Code
    zh: Label
    en: Label


class Severity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How grave a fault is (情节); the list stands with the lightest first."""

    code: Code
    zh: Label
    en: Label


class Responsibility(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of responsibility (责任). ``row`` is the row of the matrix it is judged by; a unit has one of its own."""

    code: Code
    zh: Label
    en: Label
    row: Code
    bearer: Literal["person", "unit"]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A form of accountability (问责方式) with its effects on appraisal; the list stands with the mildest first."""

    code: Code
    zh: Label
    en: Label
    execution: Execution
    person_effect: PersonEffect | None = None
    unit_effect: UnitEffect | None = None


class Cell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The forms that may be imposed for a row of responsibilities at a severity. A cell not listed admits none."""

    row: Code
    severity: Code
    forms: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=20)]
