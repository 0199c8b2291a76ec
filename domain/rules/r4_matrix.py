"""Which forms may be imposed: the matrix of R4.7 with its gap and the one step of attitude."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec

from domain.rules.fields import Problem, rule
from domain.rules.r4_parts import Cell, Form, Ground, Responsibility, Severity, Source

Attitude = Literal["heavier", "lighter"]
"""What somebody's attitude and correction make of the matter (从重、从轻)."""
REFERRED = "complaint"
"""The source of a case that began as a complaint."""
GAP_ROW = "indirect"
GAP_SEVERITY = "serious"
"""The cell on which the source is silent (R4.7.indirect_serious)."""


class R4Matrix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The coded lists of R4 and what they admit. They stand in the pack alone; a tenant extends them."""

    grounds: Annotated[
        tuple[Ground, ...], msgspec.Meta(min_length=1, max_length=200), rule("R4.10", "问责事由", "Grounds")
    ]
    sources: Annotated[
        tuple[Source, ...], msgspec.Meta(min_length=1, max_length=100), rule("R4.13", "案件来源", "Sources of a case")
    ]
    severities: Annotated[
        tuple[Severity, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R4.7", "情节，由轻到重", "Severities, lightest first"),
    ]
    responsibilities: Annotated[
        tuple[Responsibility, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R4.6", "责任划分", "Kinds of responsibility"),
    ]
    forms: Annotated[
        tuple[Form, ...],
        msgspec.Meta(min_length=1, max_length=20),
        rule("R4.5", "问责形式，由轻到重", "Forms, mildest first"),
    ]
    matrix: Annotated[
        tuple[Cell, ...],
        msgspec.Meta(min_length=1, max_length=400),
        rule("R4.7", "责任、情节与形式对照", "Forms for each responsibility and severity"),
    ]
    indirect_serious: Annotated[
        Literal["severe", "minor"],
        rule(
            "R4.7",
            "间接责任且情节较重时的形式",
            "Forms for indirect responsibility in a serious case",
            reading="R4.7.indirect_serious",
            options={
                "severe": ("按情节严重一档", "those of a severe case"),
                "minor": ("按情节较轻一档", "those of a minor case"),
            },
        ),
    ] = "severe"
    attitude: Annotated[
        Literal["severity", "form"],
        rule(
            "R4.7",
            "从重从轻一档如何计算",
            "What one step heavier or lighter moves",
            reading="R4.7.attitude",
            options={
                "severity": ("情节升降一档", "the severity by one"),
                "form": ("形式升降一档", "each form by one"),
            },
            own=True,
        ),
    ] = "severity"

    def form(self, code: str) -> Form | None:
        """The form of a code, or none."""
        return next((form for form in self.forms if form.code == code), None)

    def responsibility(self, code: str) -> Responsibility | None:
        """The kind of responsibility of a code, or none."""
        return next((each for each in self.responsibilities if each.code == code), None)

    def source(self, code: str) -> Source | None:
        """The source of a code, or none."""
        return next((each for each in self.sources if each.code == code), None)

    def severity(self, code: str) -> Severity | None:
        """The severity of a code, or none."""
        return next((each for each in self.severities if each.code == code), None)

    def ground(self, code: str) -> Ground | None:
        """The ground of a code, or none."""
        return next((each for each in self.grounds if each.code == code), None)


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the matrix makes of a matter: the forms that may be imposed, mildest first, and the readings consulted.

    ``severity`` is the one after the step of attitude, none beyond the ends of the list.
    """

    severity: str | None
    forms: tuple[str, ...]
    readings: dict[str, str]


def judged(rules: R4Matrix, row: str, severity: str, attitude: Attitude | None = None) -> Judged:
    """What may be imposed for a row at a severity, the attitude heeded (R4.7)."""
    readings: dict[str, str] = {}
    applied: str | None = severity
    if attitude is not None:
        readings["R4.7.attitude"] = rules.attitude
        if rules.attitude == "severity":
            by = 1 if attitude == "heavier" else -1
            applied = _moved(tuple(each.code for each in rules.severities), severity, by)
    if (row, applied) == (GAP_ROW, GAP_SEVERITY) and not _has_cell(rules, GAP_ROW, GAP_SEVERITY):
        readings["R4.7.indirect_serious"] = rules.indirect_serious
    return Judged(severity=applied, forms=admissible(rules, row, severity, attitude), readings=readings)


def _has_cell(rules: R4Matrix, row: str, severity: str) -> bool:
    return any((cell.row, cell.severity) == (row, severity) for cell in rules.matrix)


def cell_forms(rules: R4Matrix, row: str, severity: str) -> tuple[str, ...]:
    """The forms of a cell, the gap filled by its reading; none where nothing may be imposed."""
    cells = {(cell.row, cell.severity): cell.forms for cell in rules.matrix}
    if (row, severity) == (GAP_ROW, GAP_SEVERITY) and (row, severity) not in cells:
        severity = rules.indirect_serious
    return cells.get((row, severity), ())


def admissible(rules: R4Matrix, row: str, severity: str, attitude: Attitude | None = None) -> tuple[str, ...]:
    """The forms that may be imposed, mildest first; the attitude moves severity or form by one step (R4.7)."""
    if attitude is None:
        return _in_order(rules, cell_forms(rules, row, severity))
    by = 1 if attitude == "heavier" else -1
    if rules.attitude == "severity":
        moved = _moved(tuple(each.code for each in rules.severities), severity, by)
        return () if moved is None else _in_order(rules, cell_forms(rules, row, moved))
    order = tuple(form.code for form in rules.forms)
    stepped = (_moved(order, code, by) for code in cell_forms(rules, row, severity))
    return _in_order(rules, (code for code in stepped if code is not None))


def _in_order(rules: R4Matrix, codes: Iterable[str]) -> tuple[str, ...]:
    known = set(codes)
    return tuple(form.code for form in rules.forms if form.code in known)


def _moved(order: tuple[str, ...], code: str, by: int) -> str | None:
    place = order.index(code) + by if code in order else -1
    return order[place] if 0 <= place < len(order) else None


def matrix_problems(rules: R4Matrix) -> Iterator[Problem]:
    """Codes that stand twice, cells that name what does not exist, and a gap whose reading leads nowhere."""
    for name in ("grounds", "sources", "severities", "responsibilities", "forms"):
        yield from _twice(name, [each.code for each in getattr(rules, name)])
    yield from _rows(rules)
    yield from _cells(rules)
    if REFERRED not in {source.code for source in rules.sources}:
        yield Problem("sources", "缺少投诉这一来源", "lack the complaint, which may be referred here")
    if not any(ground.about_handlers for ground in rules.grounds):
        yield Problem("grounds", "缺少滥用问责职权的事由", "lack the abuse of the accountability office")


def _twice(name: str, codes: list[str]) -> Iterator[Problem]:
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield Problem(f"{name}[{place}].code", "代码重复", "stands twice")


def _rows(rules: R4Matrix) -> Iterator[Problem]:
    bearers: dict[str, str] = {}
    for place, each in enumerate(rules.responsibilities):
        if bearers.setdefault(each.row, each.bearer) != each.bearer:
            yield Problem(
                f"responsibilities[{place}].bearer", "同一行兼有单位与个人", "mixes units and persons in a row"
            )


def _cells(rules: R4Matrix) -> Iterator[Problem]:
    rows = {each.row for each in rules.responsibilities}
    severities = {each.code for each in rules.severities}
    forms = {form.code for form in rules.forms}
    seen: set[tuple[str, str]] = set()
    for place, cell in enumerate(rules.matrix):
        path = f"matrix[{place}]"
        if (cell.row, cell.severity) in seen:
            yield Problem(path, "同一格出现两次", "stands twice")
        seen.add((cell.row, cell.severity))
        if cell.row not in rows:
            yield Problem(f"{path}.row", "没有这一责任", "names no row of responsibilities")
        if cell.severity not in severities:
            yield Problem(f"{path}.severity", "没有这一情节", "names no severity")
        if not set(cell.forms) <= forms:
            yield Problem(f"{path}.forms", "没有这一形式", "name a form that does not exist")
        if len(set(cell.forms)) != len(cell.forms):
            yield Problem(f"{path}.forms", "形式重复", "name one form twice")
    gap = GAP_ROW in rows and GAP_SEVERITY in severities and (GAP_ROW, GAP_SEVERITY) not in seen
    if gap and (GAP_ROW, rules.indirect_serious) not in seen:
        yield Problem("indirect_serious", "所指的一格没有形式", "leads to a cell without forms")
