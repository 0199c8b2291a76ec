"""A calendar of duties drawn as a heat map: a square a day, a column a week, redder the more was missed."""

from collections.abc import Sequence
from datetime import date, timedelta

from projections.duty_board import CalendarDay

CELL, GAP, LEFT, TOP = 14, 3, 34, 22
EMPTY = "#e6e6e6"
SHADES = ("#1a7f37", "#8fbf5a", "#e8c547", "#e08a3c", "#c0392b")
"""From nothing missed to more than half."""
WEEKDAYS = "一二三四五六日"


def heat_map(days: Sequence[CalendarDay], first: date, last: date) -> str:
    """The SVG of the days from ``first`` to ``last``; each square says its day and numbers when pointed at."""
    known = {one.day: one for one in days}
    begin = first - timedelta(days=first.weekday())
    weeks = (last - begin).days // 7 + 1
    step = CELL + GAP
    width, height = LEFT + weeks * step + GAP, TOP + 7 * step + GAP
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="sans-serif" font-size="10">',
        f"<title>{first.isoformat()} – {last.isoformat()}</title>",
    ]
    parts += [f'<text x="2" y="{TOP + row * step + CELL - 3}">周{name}</text>' for row, name in enumerate(WEEKDAYS)]
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        column, row = (day - begin).days // 7, day.weekday()
        x, y = LEFT + column * step, TOP + row * step
        if day.day == 1:
            parts.append(f'<text x="{x}" y="{TOP - 8}">{day.month}月</text>')
        parts.append(_square(x, y, day, known.get(day)))
    return "\n".join((*parts, "</svg>\n"))


def _square(x: int, y: int, day: date, one: CalendarDay | None) -> str:
    title = day.isoformat() if one is None else f"{day.isoformat()} 完成 met {one.met} 未完成 missed {one.missed}"
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" rx="2" fill="{_shade(one)}">'
        f"<title>{title}</title></rect>"
    )


def _shade(one: CalendarDay | None) -> str:
    """Green where nothing was missed; then by the share that was: to a tenth, a quarter, a half, more."""
    if one is None or one.met + one.missed == 0:
        return EMPTY
    if one.missed == 0:
        return SHADES[0]
    share = one.missed / (one.met + one.missed)
    return SHADES[1 + sum(share > bound for bound in (0.1, 0.25, 0.5))]
