"""What is known about each rule value besides its type: clause, label, unit, bounds, options.

A regulation's values are one frozen struct whose fields are annotated with `rule`. From those annotations
`fields_of` makes the data that the API and the administrators' pages show, and `range_problems` the checks
that need nothing but a single value.
"""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from domain.kernel import Text

FINEST_EXPONENT = -4
"""Rule values and scores carry at most four decimals, so that exact arithmetic on them stays small."""

Unit = Literal[
    "score",
    "weight",
    "percent",
    "fen",
    "minutes",
    "hours",
    "days",
    "working_days",
    "months",
    "persons",
    "ballots",
    "departments",
    "times",
    "step",
]
FieldKind = Literal["decimal", "integer", "time", "text", "choice", "list"]

_PLAIN: Mapping[Any, FieldKind] = {Decimal: "decimal", int: "integer", time: "time", str: "text"}


class Problem(msgspec.Struct, frozen=True):
    """A rule value that makes no sense, and why; ``field`` is its path, e.g. ``contents[2].items[0].points``."""

    field: str
    zh: str
    en: str


class Option(msgspec.Struct, frozen=True):
    """One way to read an ambiguous clause."""

    value: str
    label: Text


class RuleField(msgspec.Struct, frozen=True, kw_only=True):
    """One rule value as people meet it.

    ``reading`` names the ambiguity that a choice settles (``R14.2.3.trim``); its ``options`` stand with the
    shipped one first. ``own`` marks a value on which the source is silent, so that it is the tenant's to set.
    """

    name: str
    kind: FieldKind
    clause: str
    label: Text
    unit: Unit | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    options: tuple[Option, ...] = ()
    reading: str | None = None
    own: bool = False


def rule(  # noqa: PLR0913 - each argument is one thing a reader of the rules is told
    clause: str,
    zh: str,
    en: str,
    *,
    unit: Unit | None = None,
    lowest: int | None = None,
    highest: int | None = None,
    reading: str | None = None,
    options: Mapping[str, tuple[str, str]] | None = None,
    own: bool = False,
) -> msgspec.Meta:
    """Annotate a rule value; ``options`` maps each literal to its Chinese and English label."""
    known = {
        "clause": clause,
        "label": Text(zh=zh, en=en),
        "unit": unit,
        "lowest": None if lowest is None else Decimal(lowest),
        "highest": None if highest is None else Decimal(highest),
        "reading": reading,
        "options": tuple(Option(value, Text(zh=z, en=e)) for value, (z, e) in (options or {}).items()),
        "own": own,
    }
    return msgspec.Meta(title=en, extra={"rule": known})


@cache
def fields_of(values: type[msgspec.Struct]) -> tuple[RuleField, ...]:
    """Every rule value of a regulation, in the order of its declaration."""
    found = []
    for name, annotation in get_type_hints(values, include_extras=True).items():
        plain, *annotations = get_args(annotation)
        known: dict[str, Any] = next(meta.extra["rule"] for meta in annotations if "rule" in (meta.extra or {}))
        found.append(RuleField(name=name, kind=_kind(plain), **known))
    return tuple(found)


def _kind(plain: Any) -> FieldKind:
    if get_origin(plain) is Literal:
        return "choice"
    return _PLAIN.get(plain, "list")


def range_problems(values: msgspec.Struct) -> tuple[Problem, ...]:
    """Numbers outside the bounds of their field and choices outside its options."""
    found: list[Problem] = []
    for field in fields_of(type(values)):
        value = getattr(values, field.name)
        if field.kind == "choice" and value not in {option.value for option in field.options}:
            found.append(Problem(field.name, "不是可选的读法", "is not one of the readings"))
        elif isinstance(value, Decimal | int):
            problem = number_problem(field.name, value, field.lowest, field.highest)
            found += [problem] if problem else []
    return tuple(found)


def number_problem(field: str, value: Decimal | int, lowest: Decimal | None, highest: Decimal | None) -> Problem | None:
    """Why a number can not stand in a field: not finite, out of bounds, or finer than four decimals."""
    number = Decimal(value)
    if not number.is_finite():
        return Problem(field, "必须是有限的数", "must be a finite number")
    if lowest is not None and number < lowest:
        return Problem(field, f"不得小于{lowest}", f"must not be below {lowest}")
    if highest is not None and number > highest:
        return Problem(field, f"不得大于{highest}", f"must not be above {highest}")
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < FINEST_EXPONENT:
        return Problem(field, "最多四位小数", "must have at most four decimals")
    return None
