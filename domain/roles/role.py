"""What a role is, and how its permissions are written."""

import msgspec

from domain.kernel import Text


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A part people play in an organisation (角色), and what it may do."""

    name: str
    title: Text
    permissions: frozenset[str]


def grants(**commands: str) -> frozenset[str]:
    """Permissions from ``noun="command another"``."""
    return frozenset(f"{noun}.{command}" for noun, listed in commands.items() for command in listed.split())
