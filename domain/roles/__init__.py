"""Who may do what: roles as data, each a set of permissions ``<noun>.<command>``.

A permission that no role holds belongs to internal commands, which the system alone sends.
"""

from collections.abc import Iterable

from domain.roles import accountability, complaints, fees, projects, quality, running, vehicles
from domain.roles.role import Role, grants
from domain.roles.running import ADMIN as ADMIN

ADMINISTER_NOTICES = "organisation.administer_notices"
"""To set where notices go, and to see and replay what could not be delivered."""
OPEN_SEAL = "sealed_identity.open"
"""To open what an anonymous reporter left under seal; the service sends the command, once it knows who is barred."""
BEYOND_COMMANDS = frozenset({ADMINISTER_NOTICES, OPEN_SEAL})
"""Permissions of what is no command: settings that hold secrets are kept beside the events, not in them."""

OTHER_READS = grants(access_log="read")
"""Permissions to read what is no aggregate."""

ROLES: tuple[Role, ...] = (
    *running.ROLES,
    *projects.ROLES,
    *complaints.ROLES,
    *accountability.ROLES,
    *vehicles.ROLES,
    *fees.ROLES,
    *quality.ROLES,
)

_BY_NAME = {role.name: role for role in ROLES}
ROLE_NAMES = tuple(_BY_NAME)


def role_of(name: str) -> Role | None:
    """The role of a name, or none."""
    return _BY_NAME.get(name)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """What the roles may do together; a name that is no longer a role grants nothing."""
    return frozenset().union(*(_BY_NAME[name].permissions for name in roles if name in _BY_NAME))
