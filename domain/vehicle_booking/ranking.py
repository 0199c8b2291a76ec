"""Which request goes first: by class, urgency and time of registration (R3.2.2), and which of these decided."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain.rules.r3 import R3Rules
from domain.vehicle_booking.events import DecidedBy
from domain.vehicle_booking.facts import Waiting

Key = tuple[int, bool, datetime, UUID]


def class_rank(priority: str | None, rules: R3Rules) -> int:
    """A class's rank, 1 the first; a request of no class ranks after all of them."""
    codes = [each.code for each in rules.priorities]
    if rules.rank == "equal":
        return 1 if priority in codes else 2
    return codes.index(priority) + 1 if priority in codes else len(codes) + 1


def order(waiting: Waiting) -> Key:
    """What requests are sorted by; the id is a last resort that decides nothing but ties."""
    return (waiting.class_rank, not waiting.urgent, waiting.registered_at, waiting.booking_id)


def ranked(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Requests in their order, the one that goes first at the front; each once."""
    return tuple(sorted({each.booking_id: each for each in waiting}.values(), key=order))


def decided_by(own: Waiting, considered: tuple[Waiting, ...]) -> DecidedBy:
    """The first rule that tells a request from the one it is closest to: the next after it, or the first before it."""
    if len(considered) == 1:
        return "only_request"
    place = considered.index(own)
    if place > 0:
        return "passed_over"
    following = considered[1]
    if own.class_rank != following.class_rank:
        return "class"
    return "urgency" if own.urgent != following.urgent else "registration"
