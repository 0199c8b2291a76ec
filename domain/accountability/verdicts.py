"""A verdict: what the matrix admits for a responsibility and a severity, attitude and exemption (R4.6, R4.7)."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.accountability.state import Party
from domain.accountability.words import Coded, Verdict, VerdictGiven
from domain.kernel import Context, Refusal
from domain.periods import month_of
from domain.rules.r4 import R4Rules
from domain.rules.r4_matrix import judged
from domain.rules.r4_parts import Form, Responsibility, Severity


def verdict_of(given: VerdictGiven, about: Party, rules: R4Rules, context: Context, field: str) -> Verdict:
    """A verdict as the rules have it. Raises `Refusal` that names the field, and the cell where the matrix says no."""
    if given.outcome == "accountable":
        return _accountable(given, about, rules, context, field)
    if given.forms or given.attitude is not None:
        raise wrong(
            "form_out_of_place",
            "不予追究的不得给予问责形式",
            "Nothing is imposed on who is not held to account.",
            field,
        )
    if (given.outcome == "exempt") != (given.exemption is not None):
        zh, en = (
            "免予追究须且仅须注明意外事件或不可抗力",
            "An exemption, and it alone, names accident or force majeure.",
        )
        raise wrong("exemption_unclear", zh, en, f"{field}.exemption")
    return Verdict(respondent=about.respondent, outcome=given.outcome, reason=given.reason, exemption=given.exemption)


def _accountable(given: VerdictGiven, about: Party, rules: R4Rules, context: Context, field: str) -> Verdict:
    if given.exemption is not None:
        raise wrong(
            "exemption_unclear", "予以追究的不得免予追究", "Who is held to account is not exempt.", f"{field}.exemption"
        )
    responsibility = _responsibility(given, about, rules, field)
    severity = rules.severity(given.severity or "")
    if severity is None:
        raise wrong("severity_unknown", "没有这一情节", "There is no such severity.", f"{field}.severity")
    if (given.attitude is None) != (given.attitude_reason is None):
        zh, en = "从重从轻须说明理由", "A step heavier or lighter, and it alone, needs its reason."
        raise wrong("attitude_reason_missing", zh, en, f"{field}.attitude_reason")
    verdict = judged(rules, responsibility.row, severity.code, given.attitude)
    allowed = _forms(rules, verdict.forms)
    imposed = _imposed(given, allowed, rules, field, _Cell(responsibility, severity, given.attitude, verdict.severity))
    applied = rules.severity(verdict.severity or "")
    return Verdict(
        respondent=about.respondent,
        outcome="accountable",
        reason=given.reason,
        responsibility=_coded(responsibility),
        severity=_coded(severity),
        attitude=given.attitude,
        attitude_reason=given.attitude_reason,
        conduct_month=_conduct_month(given, rules, context, field),
        row=responsibility.row,
        severity_applied=None if applied is None else _coded(applied),
        admissible=tuple(_coded(form) for form in allowed),
        forms=tuple(_coded(form) for form in imposed),
        readings=verdict.readings,
    )


class _Cell(NamedTuple):
    """Where in the matrix a verdict stands, for whoever is told no."""

    responsibility: Responsibility
    severity: Severity
    attitude: str | None
    applied: str | None

    def refusal(self, allowed: tuple[Form, ...], field: str) -> Refusal:
        """That a form can not be imposed here, and which could (R4.7)."""
        zh, en = (_listed(allowed, language) for language in ("zh", "en"))
        return Refusal(
            "form_not_admissible",
            zh=f"{self.responsibility.zh}、{self.severity.zh}不得给予该形式，可用：{zh or '无'}",
            en=(
                f"This form can not be imposed for {self.responsibility.en} at severity {self.severity.en}; "
                f"admissible: {en or 'none'}."
            ),
            clause="R4.7",
            kind="value",
            field=field,
            details={
                "row": self.responsibility.row,
                "severity": self.severity.code,
                "attitude": self.attitude,
                "severity_applied": self.applied,
                "admissible": [form.code for form in allowed],
            },
        )


def _imposed(
    given: VerdictGiven, allowed: tuple[Form, ...], rules: R4Rules, field: str, cell: _Cell
) -> tuple[Form, ...]:
    """The forms asked for, mildest first. Refused: none, one twice, one that the rules or the cell do not know."""
    if not given.forms:
        raise wrong("form_missing", "须给予至少一种问责形式", "A verdict imposes at least one form.", f"{field}.forms")
    known = {form.code for form in rules.forms}
    codes = [form.code for form in allowed]
    for place, code in enumerate(given.forms):
        where = f"{field}.forms[{place}]"
        if code not in known:
            raise wrong("form_unknown", "没有这一问责形式", "There is no such form.", where)
        if code in given.forms[:place]:
            raise wrong("form_twice", "问责形式重复", "A form is named twice.", where)
        if code not in codes:
            raise cell.refusal(allowed, where)
    return tuple(form for form in allowed if form.code in given.forms)


def _responsibility(given: VerdictGiven, about: Party, rules: R4Rules, field: str) -> Responsibility:
    """The responsibility resolved on, or that under which the respondent was named; one that he can bear."""
    found = rules.responsibility(given.responsibility or about.respondent.responsibility or "")
    if found is None or found.bearer != about.respondent.kind:
        zh, en = "须列明该对象可承担的责任", "The verdict needs a responsibility that this respondent can bear."
        raise wrong("responsibility_unknown", zh, en, f"{field}.responsibility", "R4.6")
    return found


def _conduct_month(given: VerdictGiven, rules: R4Rules, context: Context, field: str) -> str | None:
    if rules.effect_month != "conduct":
        return given.conduct_month
    if given.conduct_month is None or given.conduct_month > month_of(context.today):
        zh, en = "须列明行为发生的月份", "The month of the conduct is needed, one that has begun."
        raise wrong("conduct_month_missing", zh, en, f"{field}.conduct_month", "R4.8")
    return given.conduct_month


def _forms(rules: R4Rules, codes: Iterable[str]) -> tuple[Form, ...]:
    return tuple(form for form in (rules.form(code) for code in codes) if form is not None)


def _coded(each: Form | Severity | Responsibility) -> Coded:
    return Coded(each.code, each.zh, each.en)


def _listed(forms: tuple[Form, ...], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(getattr(form, language) for form in forms)


def wrong(code: str, zh: str, en: str, field: str, clause: str = "R4.7") -> Refusal:
    """A refusal of what a verdict says."""
    return Refusal(code, zh=zh, en=en, clause=clause, kind="value", field=field)
