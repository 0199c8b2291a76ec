"""The R3 values of money: the tariff table, how it is rounded, and where a settlement month ends (R3.1.2, R3.2.1)."""

from typing import Annotated, Literal

import msgspec

from domain.rules.fields import rule
from domain.rules.r3_parts import TariffLine


class R3Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What trips cost and when units pay. The tariff applies that is in force on the day a trip begins."""

    tariff: Annotated[
        tuple[TariffLine, ...],
        msgspec.Meta(min_length=1, max_length=30),
        rule("R3.1.2", "资费表（按车型）", "The tariff, per vehicle class", own=True),
    ]
    base: Annotated[
        Literal["sum", "greater"],
        rule(
            "R3.1.2",
            "里程费与时间费的关系",
            "How the charges by distance and by time relate",
            reading="R3.1.2.base",
            options={"sum": ("两项相加", "they add up"), "greater": ("取较高者", "the higher of the two")},
            own=True,
        ),
    ] = "sum"
    tolls: Annotated[
        Literal["passed_on", "included"],
        rule(
            "R3.1.2",
            "过路过桥费由谁承担",
            "Who bears tolls",
            reading="R3.1.2.tolls",
            options={
                "passed_on": ("据实转收", "passed on to the unit"),
                "included": ("已含在资费中", "the tariff holds them"),
            },
            own=True,
        ),
    ] = "passed_on"
    time_step_minutes: Annotated[
        int,
        rule("R3.1.2", "计时单位", "Time is charged in steps of", unit="minutes", lowest=1, highest=1440, own=True),
    ] = 30
    time_rounding: Annotated[
        Literal["up", "half_up", "down"],
        rule(
            "R3.1.2",
            "不足一个计时单位",
            "A step of time that was begun",
            reading="R3.1.2.time_rounding",
            options={
                "up": ("按一个单位计", "counts in full"),
                "half_up": ("过半计入", "counts from its half on"),
                "down": ("不计", "does not count"),
            },
            own=True,
        ),
    ] = "up"
    amount_rounding: Annotated[
        Literal["fen", "yuan"],
        rule(
            "R3.1.2",
            "费用取整",
            "What a trip's charge is rounded to, half up",
            reading="R3.1.2.amount_rounding",
            options={"fen": ("到分", "the fen"), "yuan": ("到元", "the yuan")},
            own=True,
        ),
    ] = "fen"
    free_cancel_minutes: Annotated[
        int,
        rule(
            "R3.1.2",
            "免费取消须提前",
            "Cancelling is free until so long before departure",
            unit="minutes",
            lowest=0,
            highest=60 * 24 * 30,
            own=True,
        ),
    ] = 120
    receptions: Annotated[
        Literal["reception_only", "all_free"],
        rule(
            "R3.2.1",
            "不参与结算的接待用车范围",
            "Which receptions are left out of the settlement",
            reading="R3.2.1.free",
            options={
                "reception_only": ("仅第一类免费用车", "the first free class alone"),
                "all_free": ("全部四类免费用车", "all four free classes"),
            },
        ),
    ] = "reception_only"
    month: Annotated[
        Literal["month_end", "day_of_month"],
        rule(
            "R3.2.1",
            "结算月的截止",
            "Where a settlement month ends",
            reading="R3.month",
            options={
                "month_end": ("自然月末", "the end of the calendar month"),
                "day_of_month": ("每月固定日", "a fixed day of the month"),
            },
        ),
    ] = "month_end"
    cut_off_day: Annotated[
        int, rule("R3.2.1", "固定截止日", "The fixed day of the cut-off", unit="days", lowest=1, highest=28, own=True)
    ] = 25
    close_after_days: Annotated[
        int,
        rule(
            "R3.2.1",
            "截止后自动结账",
            "A month is closed so long after its cut-off",
            unit="working_days",
            lowest=0,
            highest=60,
            own=True,
        ),
    ] = 5
