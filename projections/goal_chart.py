"""A year's goals drawn: a row a goal, a square a period, green where the target of then was achieved."""

from collections.abc import Sequence
from html import escape

from domain.quality_terms import months_of
from projections.quality_board import GoalActual, GoalActuals

CELL, GAP, LEFT, TOP = 24, 3, 260, 26
ACHIEVED, MISSED, EMPTY = "#1a7f37", "#c0392b", "#e6e6e6"
NAME = 24
"""So many characters of a goal's name are shown; the whole of it is told when it is pointed at."""


def chart(goals: Sequence[GoalActuals]) -> str:
    """The SVG of goals; each square says its period, value and target when pointed at."""
    step = CELL + GAP
    width, height = LEFT + 12 * step + GAP, TOP + max(1, len(goals)) * step + GAP
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="11">',
        "<title>目标与实际 Goals and actuals</title>",
    ]
    parts += [f'<text x="{LEFT + n * step + 4}" y="{TOP - 8}">{n + 1}月</text>' for n in range(12)]
    for row, goal in enumerate(goals):
        y = TOP + row * step
        name = f"{goal.department or '公司'} {goal.indicator}"
        whole = f"<title>{escape(name)}（{escape(goal.unit)}）</title>"
        parts.append(f'<text x="2" y="{y + CELL - 8}">{escape(name[:NAME])}{whole}</text>')
        parts += [_square(y, goal, one) for one in _shown(goal)]
    return "\n".join((*parts, "</svg>\n"))


def _shown(goal: GoalActuals) -> list[tuple[str, GoalActual | None]]:
    """What was measured, and the months, the quarters or the year that were not."""
    known = {one.period: one for one in goal.actuals}
    year = goal.year
    periods = {
        "month": [f"{year}-{n:02}" for n in range(1, 13)],
        "quarter": [f"{year}-Q{n}" for n in range(1, 5)],
        "year": [year],
    }[goal.every]
    return [(period, known.get(period)) for period in periods]


def _square(y: int, goal: GoalActuals, shown: tuple[str, GoalActual | None]) -> str:
    period, one = shown
    months = months_of(period)
    step = CELL + GAP
    x = LEFT + (int(months[0][5:]) - 1) * step
    width = len(months) * step - GAP
    fill = EMPTY if one is None else ACHIEVED if one.achieved else MISSED
    told = period if one is None else f"{period} 实际 {one.value} 目标 {one.target} {escape(goal.unit)}"
    return f'<rect x="{x}" y="{y}" width="{width}" height="{CELL}" rx="2" fill="{fill}"><title>{told}</title></rect>'
