"""What people do in the half year: to which stream, when, and how a command is made when its turn has come."""

from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.kernel import Command, State

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = (time(9, 30), time(11, 0), time(14, 30), time(17, 0))
"""The moments of a day at which people act."""
DIRECTOR = UUID(int=0xD1)

Made = Command | Callable[[State], Command]
"""A command, or how it is made of the stream's state when its turn has come."""


class Deed(msgspec.Struct, frozen=True):
    """What somebody does to a stream at an instant."""

    at: datetime
    noun: str
    stream: UUID
    made: Made
    kind: str = "member"
    person: UUID | None = DIRECTOR

    def command(self, state: State | None) -> Command:
        """The command, on the stream as it stands."""
        if isinstance(self.made, Command):
            return self.made
        assert state is not None
        return self.made(state)
