"""What a paper asks for may be taken back later: the paper stays genuine and as it is, and is said to ask for nothing.

A paper rests on entries of its subject, by number. Whatever takes entries back is folded into the paper's own row, so
that nobody who asks for a paper looks through entries, or through other papers.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

import msgspec

OTHERS = 0
"""Stands for what a paper asks for beside the entries that it names; never taken back."""


class RestsOnEntries(Protocol):
    """A paper's row: the numbers of the entries that it asks for, of those taken back, and when the last was."""

    rests_on: str
    gone: str
    taken_back_on: date | None


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """All or a part of what a paper asks for was taken back; ``since`` is the day of the last of it."""

    extent: Literal["all", "part"]
    since: date


def written(numbers: Iterable[int]) -> str:
    """Numbers as a row keeps them."""
    return ",".join(map(str, sorted(set(numbers))))


def rests_on(row: RestsOnEntries, number: int) -> bool:
    """Whether a paper asks for an entry."""
    return number in _numbers(row.rests_on)


def take_back(row: RestsOnEntries, number: int, day: date) -> None:
    """Note that an entry that a paper asks for was taken back."""
    row.gone = written({*_numbers(row.gone), number})
    row.taken_back_on = day


def taken_back(asked: str, gone: str, since: date | None) -> TakenBack | None:
    """What of a paper was taken back, if anything was; see `RestsOnEntries`."""
    if since is None:
        return None
    return TakenBack(extent="all" if _numbers(asked) == _numbers(gone) else "part", since=since)


def status_of(status: str, taken: TakenBack | None) -> str:
    """How a paper stands: one that is void or superseded stays that, whatever it asks for."""
    if status != "issued" or taken is None:
        return status
    return "taken_back" if taken.extent == "all" else "taken_back_in_part"


def counts(status: str) -> bool:
    """Whether a paper that stands like this still asks for something rightly."""
    return status in {"issued", "taken_back_in_part"}


def _numbers(text: str) -> frozenset[int]:
    return frozenset(map(int, filter(None, text.split(","))))
