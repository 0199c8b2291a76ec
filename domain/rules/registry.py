"""The regulations whose rules a tenant can keep. Adding one is one line."""

from collections.abc import Mapping

from domain.rules.r3 import R3
from domain.rules.r4 import R4
from domain.rules.r11 import R11
from domain.rules.r12 import R12
from domain.rules.r13 import R13
from domain.rules.r14 import R14
from domain.rules.r15 import R15
from domain.rules.regulation import Regulation

REGULATIONS: Mapping[str, Regulation] = {
    R3.id: R3,
    R4.id: R4,
    R11.id: R11,
    R12.id: R12,
    R13.id: R13,
    R14.id: R14,
    R15.id: R15,
}
