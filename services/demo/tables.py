"""Tables and amounts as the printed page shows them."""

from collections.abc import Sequence

from rich import box
from rich.table import Table


def yuan(fen: int) -> str:
    """An amount for people, in yuan."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def table(title: str, headings: Sequence[str], right: Sequence[str] = ()) -> Table:
    """An empty table; the columns of ``right`` hold amounts."""
    made = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for heading in headings:
        amount = heading in right
        made.add_column(heading, justify="right" if amount else "left", no_wrap=amount, overflow="fold")
    return made
