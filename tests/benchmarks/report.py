"""What a benchmark found: its rows, and the table that is printed at the end."""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measured thing. ``ratio`` is compared with ``bar``: at least, or with ``at_most`` at most.

    ``spread`` is the lowest and the highest ratio of the rounds; ``remedy`` says what would reach a bar that is
    missed.
    """

    what: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    bar: float | None = None
    at_most: bool = False
    remedy: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; none where there is no bar."""
        if self.bar is None or self.ratio is None:
            return None
        return self.ratio <= self.bar if self.at_most else self.ratio >= self.bar

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        bar = "" if self.bar is None else f"{'≤' if self.at_most else '≥'} {self.bar:g}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        spread = "" if self.spread is None else f"{self.spread[0]:.2f}–{self.spread[1]:.2f}"
        return self.what, self.ours, self.peer, ratio, spread, bar, verdict


def show(rows: Sequence[Row], surroundings: str) -> None:
    """Print the table, and below it what would reach each bar that is missed."""
    table = Table(show_lines=False, caption=surroundings, caption_justify="left")
    for column in ("what", "ours", "peer", "ratio", "rounds", "bar", ""):
        table.add_column(column, justify="left" if column == "what" else "right", overflow="fold")
    for row in rows:
        table.add_row(*row.cells(), style="bold red" if row.met is False else "")
    console = Console(soft_wrap=False)
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    for row in rows:
        if row.met is False:
            console.print(f"[bold]{row.what}[/]: missed. {row.remedy}")


def as_json(rows: Sequence[Row], surroundings: str) -> bytes:
    """The table for programs."""
    document: dict[str, Any] = {
        "surroundings": surroundings,
        "rows": [{**msgspec.structs.asdict(row), "met": row.met} for row in rows],
    }
    return msgspec.json.format(msgspec.json.encode(document)) + b"\n"
