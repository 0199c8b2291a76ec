"""Who collects the fees of property services (R13)."""

from domain.kernel import Text
from domain.roles.role import Role
from domain.roles.shared import KEEPS_ACCOUNTS, OWN_MATTERS, PRINTS, READS, TAKES_FEES

ROLES: tuple[Role, ...] = (
    Role(
        name="fee_collector",
        title=Text(zh="收费员", en="Fee collector"),
        permissions=READS | OWN_MATTERS | PRINTS | KEEPS_ACCOUNTS | TAKES_FEES,
    ),
)
