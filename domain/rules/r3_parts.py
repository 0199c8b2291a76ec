"""The parts that the lists among R3's values are made of: categories of use, priority classes, tariff lines, levels."""

from typing import Annotated, Literal

import msgspec

from domain.rules.role_names import RoleName

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_.-]*$")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=60 * 24 * 30)]
Rate = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
"""An amount in fen per unit."""
Channel = Literal["inbox", "email", "webhook", "wecom", "dingtalk", "feishu"]
"""How somebody is told: in the application, by mail, by a signed webhook, or by a group robot."""


class FreeCategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A use that costs nothing (无偿用车); ``reception`` marks the official receptions proper."""

    code: Code
    zh: Label
    en: Label
    reception: bool = False


class ChargedCategory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A use that is charged to the unit (有偿用车)."""

    code: Code
    zh: Label
    en: Label


class PriorityClass(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of requests that go first (优先派车); the list's order is their rank."""

    code: Code
    zh: Label
    en: Label


class TariffLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vehicle class costs (车型资费), in fen: per kilometre, hour under way, hour waiting, night away.

    ``minimum_fen`` is the least a trip costs, tolls apart; a late cancellation and a no-show have their own price.
    """

    code: Code
    zh: Label
    en: Label
    per_km_fen: Rate
    per_hour_fen: Rate
    waiting_hour_fen: Rate
    overnight_fen: Rate
    minimum_fen: Rate
    late_cancel_fen: Rate
    no_show_fen: Rate


class OrderLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level told of an order that stays unsigned or incomplete: who, by which channel, after how long."""

    role: RoleName
    after_minutes: Minutes
    channel: Channel
