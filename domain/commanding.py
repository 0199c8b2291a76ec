"""How a noun says its commands in a line each: what is common to them is said once."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from domain.kernel import Audience, Command, CommandSpec, Event, Text, command_name

Handler: TypeAlias = Callable[..., tuple[Event, ...]]


class Commands(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the `CommandSpec` of each command of one noun; the permission follows from the noun and the command.

    ``clause`` is that of every command which names none of its own. Where time changes a stream by itself, ``on_time``
    wraps what members send to one that exists, so that they find recorded what has fallen due by then.
    """

    noun: str
    clause: str | None = None
    on_time: Callable[[Handler], Handler] | None = None

    def __call__(  # noqa: PLR0913 - what a command is known by
        self,
        command: type[Command],
        handler: Handler,
        zh: str,
        en: str,
        clause: str | None = None,
        *,
        creates: bool = False,
        opens: bool = False,
        audience: Audience = "member",
        own_route: bool = False,
        stream_id: Callable[[UUID, Any], UUID] | None = None,
    ) -> CommandSpec:
        """One command with its decision and what it is called; the rest as `CommandSpec` says."""
        exists = not creates and not opens
        return CommandSpec(
            command=command,
            handler=self.on_time(handler) if self.on_time and exists and audience == "member" else handler,
            permission=f"{self.noun}.{command_name(command)}",
            summary=Text(zh=zh, en=en),
            clause=clause or self.clause,
            creates=creates,
            opens=opens,
            audience=audience,
            own_route=own_route,
            stream_id=stream_id,
        )
