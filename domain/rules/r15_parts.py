"""The parts that the lists among R15's values are made of: items, grades of a sheet and of a year, levels of awards."""

from decimal import Decimal

import msgspec

from domain.rules.r11_ladder import Code, Label

Percent = Decimal
"""Out of a hundred; the bounds are checked with the other values."""


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is checked (检查项目)."""

    code: Code
    zh: Label
    en: Label


class Grade(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an item may come out (检查结果): what it counts for, and whether it is a problem that is to be corrected."""

    code: Code
    zh: Label
    en: Label
    percent: Percent
    problem: bool = False


class YearGrade(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a department's year is called (考评等级) from so many points on, out of a hundred."""

    code: Code
    zh: Label
    en: Label
    from_points: Percent


class AwardLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who gives an award (评优级别): a district, a city, a province, the nation."""

    code: Code
    zh: Label
    en: Label
