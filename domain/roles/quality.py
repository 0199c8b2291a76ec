"""Who watches over quality (R15): the quality department compiles, the general manager approves."""

from domain.kernel import Text
from domain.roles.role import Role
from domain.roles.shared import CORRECTS, INSPECTS, KEEPS_DUTIES, OWN_MATTERS, READS

ROLES: tuple[Role, ...] = (
    Role(
        name="quality_department",
        title=Text(zh="质量管理部", en="Quality department"),
        permissions=READS | OWN_MATTERS | CORRECTS | KEEPS_DUTIES | INSPECTS,
    ),
    Role(
        name="general_manager",
        title=Text(zh="总经理", en="General manager"),
        permissions=READS | OWN_MATTERS,
    ),
)
