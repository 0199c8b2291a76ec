"""Who is told, and when, of an order that the driver does not complete or the handler does not sign (R3.2.1)."""

from datetime import datetime, timedelta
from typing import Literal

from domain.rules.r3 import R3Rules
from domain.vehicle_booking.events import OrderDue


def first(lacking: Literal["record", "signature"], base: datetime, rules: R3Rules) -> OrderDue | None:
    """The first level, told some time after a limit that counts from an instant; none where the rules name none."""
    minutes = rules.record_minutes if lacking == "record" else rules.signature_minutes
    return _level(lacking, 1, base + timedelta(minutes=minutes), rules)


def following(told: OrderDue, rules: R3Rules) -> OrderDue | None:
    """The level after one that was told; none above the highest."""
    return _level(told.lacking, told.level + 1, told.due_at, rules)


def _level(lacking: Literal["record", "signature"], level: int, base: datetime, rules: R3Rules) -> OrderDue | None:
    if level > len(rules.order_levels):
        return None
    found = rules.order_levels[level - 1]
    return OrderDue(
        lacking=lacking,
        level=level,
        role=found.role,
        channel=found.channel,
        due_at=base + timedelta(minutes=found.after_minutes),
    )
