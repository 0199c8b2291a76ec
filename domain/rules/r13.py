"""The rule values of R13, fees of property services (物业管理服务费用收缴): the repair fund and its publication.

The shipped values stand in ``packs/r13.toml``.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from domain.kernel import Text
from domain.money import percent_of
from domain.rules.fields import Problem, RuleField, fields_of, range_problems, rule
from domain.rules.r11_ladder import Code, Label
from domain.rules.r13_accounts import R13Accounts, accounts_problems
from domain.rules.regulation import Regulation
from domain.rules.versions import RuleVersions

REGULATION = "R13"
MONTHS_OF_YEAR = 12


class FundPurpose(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing the repair fund may be spent on (修缮基金用途)."""

    code: Code
    zh: Label
    en: Label


FeeKind = Literal["public_service", "agency", "special", "repair"]
"""Public service, collected for others and passed on, special services, repairs after warranty (R13.4.1)."""


How = Literal["notice", "visit", "letter"]
"""How an owner is reminded. Nothing else is a step of the ladder: no service is withheld for what is owed."""


class Price(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the price list (价目): what is charged for a unit of it, in fen."""

    code: Code
    kind: FeeKind
    zh: Label
    en: Label
    per: Label
    price_fen: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)]


class ReminderStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of the recovery ladder (催缴层级): so many days after the one below, and how it is done."""

    after_days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    how: How


class R13Rules(R13Accounts, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The values of R13. The list of purposes stands in the pack alone."""

    prices: Annotated[
        tuple[Price, ...],
        msgspec.Meta(min_length=1, max_length=200),
        rule("R13.4.2.6", "收费价目", "The price list"),
    ]
    reminders: Annotated[
        tuple[ReminderStep, ...],
        msgspec.Meta(max_length=10),
        rule("R13.4.2.4", "催缴层级", "The levels of recovery", own=True),
    ]
    fund_purposes: Annotated[
        tuple[FundPurpose, ...],
        msgspec.Meta(min_length=1, max_length=50),
        rule("R13.4.2.8", "修缮基金的用途", "What the repair fund is spent on"),
    ]
    notice: Annotated[
        Literal["charge_then_reminder", "reminder_to_unpaid"],
        rule(
            "R13.4.2.1",
            "期末发出哪种通知",
            "Which notice a period's end brings",
            reading="R13.4.2.1.notice",
            options={
                "charge_then_reminder": ("期末收费通知，逾期再催", "a charge notice, a reminder once overdue"),
                "reminder_to_unpaid": ("期末直接催未缴者", "a reminder to all unpaid"),
            },
        ),
    ] = "charge_then_reminder"
    period_months: Annotated[
        int,
        rule("R13.4.2.1", "收费周期", "A period lasts", unit="months", lowest=1, highest=12, own=True),
    ] = 1
    payment_days: Annotated[
        int,
        rule("R13.4.2.1", "缴费期限", "Paid within", unit="days", lowest=1, highest=180, own=True),
    ] = 30
    late_fee_percent: Annotated[
        Decimal,
        rule(
            "R13.4.2.4",
            "每级催缴的滞纳金",
            "Late fee with each reminder",
            unit="percent",
            lowest=0,
            highest=5,
            own=True,
        ),
    ] = Decimal(0)
    late_fee_rounding: Annotated[
        Literal["half_up", "down"],
        rule(
            "R13.4.2.4",
            "滞纳金的尾数",
            "A late fee's fraction of a fen",
            reading="R13.4.2.4.rounding",
            options={
                "half_up": ("四舍五入到分", "rounded half up to the fen"),
                "down": ("舍去不足一分的尾数", "dropped"),
            },
            own=True,
        ),
    ] = "half_up"
    statement_months: Annotated[
        int,
        rule("R13.4.3", "收支公布周期", "Accounts are published every", unit="months", lowest=1, highest=12),
    ] = 6
    statement_days: Annotated[
        int,
        rule(
            "R13.4.3",
            "期满后公布期限",
            "Published after the period within",
            unit="days",
            lowest=1,
            highest=90,
            own=True,
        ),
    ] = 30


_VERSIONS = RuleVersions(REGULATION, R13Rules, rules_of=Text(zh="收费制度", en="rules of fees"))
in_force = _VERSIONS.in_force
version = _VERSIONS.version
default_values = _VERSIONS.default_values


def fields() -> tuple[RuleField, ...]:
    """What each value of R13 is, for the API and the administrators."""
    return fields_of(R13Rules)


def validate(values: R13Rules) -> tuple[Problem, ...]:
    """What makes no sense in these values, each with the field named; empty when all is well."""
    found = list(range_problems(values))
    for name, codes in (
        ("fund_purposes", [purpose.code for purpose in values.fund_purposes]),
        ("prices", [price.code for price in values.prices]),
    ):
        found += [
            Problem(f"{name}[{place}].code", "代码重复", "stands twice")
            for place, code in enumerate(codes)
            if code in codes[:place]
        ]
    for name, months in (("statement_months", values.statement_months), ("period_months", values.period_months)):
        if not found and MONTHS_OF_YEAR % months:
            found.append(Problem(name, "须能整除一年", "must divide a year"))
    found += accounts_problems(values)
    return tuple(found)


def late_fee_of(unpaid_fen: int, rules: R13Rules) -> int:
    """The late fee on what is unpaid, in fen; none unless the rules set one (R13.4.2.4)."""
    if rules.late_fee_rounding == "half_up":
        return percent_of(unpaid_fen, rules.late_fee_percent)
    return int(unpaid_fen * rules.late_fee_percent / 100)


R13 = Regulation(
    id=REGULATION,
    title=Text(zh="物业服务费用收缴", en="Fees of property services"),
    values=R13Rules,
    default_values=default_values,
    validate=validate,
    fields=fields,
    in_force_clause="R0.7",
)
