"""Drawing representatives by lot, so that anybody can draw again and find the same people (R14.4)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

Group = Literal["staff", "students"]

METHOD = "sha256(seed|month|group|code), lowest first"
"""Recorded with every draw; another way of drawing gets another name."""


def draw(seed: str, month: str, group: str, codes: Iterable[str], n: int) -> tuple[str, ...]:
    """The ``n`` codes whose digests are lowest, or all of them where there are fewer; the order given is irrelevant."""
    return tuple(sorted(set(codes), key=lambda code: (_lot(seed, month, group, code), code))[:n])


def roster_digest(people: Iterable[tuple[str, str]]) -> str:
    """The SHA-256 of a roster, in hex: a line ``code<tab>name`` a person, in the order of the codes."""
    lines = "".join(f"{code}\t{name}\n" for code, name in sorted(people))
    return sha256(lines.encode()).hexdigest()


def _lot(seed: str, month: str, group: str, code: str) -> str:
    return sha256(f"{seed}|{month}|{group}|{code}".encode()).hexdigest()
