"""The parts that the lists among R11's values are made of: levels of the ladder, reminders, kinds of complaint."""

from typing import Annotated, Literal

import msgspec

from domain.rules.role_names import RoleName

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_.-]*$")]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=60 * 24 * 30)]
Channel = Literal["inbox", "email", "webhook", "wecom", "dingtalk", "feishu"]
"""How somebody is told: in the application, by mail, by a signed webhook, or by a group robot."""


class EscalationLevel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level of the ladder (上报层级): who is told, by which channel, and how long the level below had."""

    role: RoleName
    after_minutes: Minutes
    channel: Channel


class Reminder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice ahead of a time limit (催办): its signal, how long before, to whom."""

    signal: Literal["yellow", "red"]
    before_minutes: Minutes
    role: RoleName
    channel: Channel


class ComplaintKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of complaint (投诉类别)."""

    code: Code
    zh: Label
    en: Label
