"""Writes the demonstration's bulk files once: ``python -m services.demo.bulk``. The files are committed and loaded.

The seed is fixed and every file has its own, so that one month can be changed without moving the others.
"""

import csv
import random
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from domain.periods import first_day
from domain.rules.r14 import Item, default_values

SEED = "kaohe-demo-1"
DATA = Path(__file__).with_name("data")
GROUPS = (("教职工", 10), ("学生", 20))
LAST_INSPECTION = 24
MINOR_SHARE, COMMENT_SHARE = 0.12, 0.2
LOWEST, LINE, HIGHEST = 38, 60, 98
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志文晓红梅春生秀珍海燕宇轩子涵梓萱浩然雨欣佳怡俊杰思远"


def main(target: Path = DATA) -> None:
    """Write all files below a folder."""
    bulk, phrases = _toml("bulk.toml"), _toml("phrases.toml")
    for tenant, projects in bulk.items():
        trim = projects.pop("trim")
        for project, months in projects.items():
            prefix = months.pop("prefix")
            folder = target / tenant / project
            for name, size in (("staff", 40), ("students", 90)):
                _write(folder / f"{name}.csv", ("code", "name"), _roster(tenant, project, name, size))
            for month, targets in months.items():
                number = f"{prefix}-{month[2:4]}{month[5:]}"
                findings = _findings(_random(project, month, "findings"), number, month, targets, phrases)
                headings = ("记录编号", "细目编码", "数量", "检查日期", "部门", "说明", "证据", "轻微")
                _write(folder / month / "findings.csv", headings, findings)
                ballots = _ballots(_random(project, month, "ballots"), number, month, targets, trim, phrases)
                _write(folder / month / "ballots.csv", ("选票编号", "群体", "评分", "意见", "填写日期"), ballots)


def _findings(
    lots: random.Random, number: str, month: str, targets: dict[str, Any], phrases: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Findings that take exactly ``lost`` points, no item more than it has."""
    items = {item.code: (content.code, item) for content in default_values().contents for item in content.items}
    left = {code: item.points for code, (_, item) in items.items()}
    rows, lost = [], Decimal(str(targets["lost"]))
    for one in targets.get("fixed", ()):
        taken = items[one["item"]][1].deduction * one["count"]
        left[one["item"]] -= taken
        lost -= taken
        rows.append((one["ref"], one["item"], one["count"], one["note"], one.get("minor", False)))
    while lost:
        fits = [code for code, (_, item) in items.items() if item.deduction <= min(left[code], lost)]
        code = lots.choice(fits)
        item: Item = items[code][1]
        most = int(min(left[code], lost) / item.deduction)
        count = min(most, lots.choice((1, 1, 1, 2)))
        left[code] -= item.deduction * count
        lost -= item.deduction * count
        minor = lots.random() < MINOR_SHARE
        rows.append(
            ("", code, count, f"{lots.choice(phrases['places'][items[code][0]])}：{phrases['notes'][code]}", minor)
        )
    days = sorted(lots.randint(2, LAST_INSPECTION) for _ in rows)
    return [
        (
            ref or f"{number}-{place:02d}",
            code,
            count,
            first_day(month).replace(day=day),
            phrases["departments"][items[code][0]],
            note,
            f"照片 {number}-{place:02d}" if place % 3 == 0 else "",
            "是" if minor else "否",
        )
        for place, (day, (ref, code, count, note, minor)) in enumerate(zip(days, rows, strict=True), 1)
    ]


def _ballots(  # noqa: PLR0913, PLR0917 - what a month's ballots are made of
    lots: random.Random, number: str, month: str, targets: dict[str, Any], trim: str, phrases: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Whole scores, ``below`` of them under the line, whose trimmed mean is exactly ``mean``."""
    groups = [group for group, size in GROUPS for _ in range(size)]
    unhappy = set(lots.sample(range(len(groups)), targets["below"]))
    centre = int(targets["mean"])
    scores = [
        lots.randint(44, 57) if place in unhappy else min(HIGHEST, max(LINE, centre + lots.randint(-7, 7)))
        for place in range(len(groups))
    ]
    while excess := _kept(scores, groups, trim, Decimal(str(targets["mean"]))):
        place = lots.randrange(len(groups))
        low, high = (LOWEST, LINE - 1) if place in unhappy else (LINE, HIGHEST)
        scores[place] = min(high, max(low, scores[place] + (-1 if excess > 0 else 1)))
    return [
        (
            f"{number}-P{place:02d}",
            group,
            score,
            lots.choice(phrases["comments"]) if lots.random() < COMMENT_SHARE else "",
            first_day(month).replace(day=lots.randint(18, LAST_INSPECTION)),
        )
        for place, (group, score) in enumerate(zip(groups, scores, strict=True), 1)
    ]


def _kept(scores: list[int], groups: list[str], trim: str, mean: Decimal) -> Decimal:
    """By how much the ballots that are not dropped exceed their target."""
    pools = [scores]
    if trim == "per_group":
        pools = [[s for s, g in zip(scores, groups, strict=True) if g == name] for name, _ in GROUPS]
    kept = [score for pool in pools for score in sorted(pool)[1:-1]]
    return Decimal(sum(kept)) - mean * len(kept)


def _roster(tenant: str, project: str, name: str, size: int) -> list[tuple[str, str]]:
    lots = _random(tenant, project, name)
    letter = "T" if name == "staff" else "S"
    return [
        (f"{letter}{2024000 + place}", lots.choice(SURNAMES) + "".join(lots.sample(GIVEN, lots.choice((1, 2, 2)))))
        for place in range(1, size + 1)
    ]


def _random(*parts: str) -> random.Random:
    return random.Random(":".join((SEED, *parts)))  # noqa: S311 - invented data, not a draw by lot


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))


def _write(path: Path, headings: tuple[str, ...], rows: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
