"""What the rule book needs to know of a regulation to keep its versions."""

from collections.abc import Callable
from typing import Any

import msgspec

from domain.kernel import Text
from domain.rules.fields import Problem, RuleField
from domain.rules.role_names import role_problems


class Regulation(msgspec.Struct, frozen=True, kw_only=True):
    """One regulation: the type of its values, the shipped ones, and what makes values senseless.

    ``validate`` takes an instance of ``values`` and finds what is particular to them; `problems` is what a version
    is refused by. ``in_force_clause`` is the clause that says from when it applies.
    """

    id: str
    title: Text
    values: type[msgspec.Struct]
    default_values: Callable[[], msgspec.Struct]
    validate: Callable[[Any], tuple[Problem, ...]]
    fields: Callable[[], tuple[RuleField, ...]]
    in_force_clause: str

    def problems(self, values: msgspec.Struct) -> tuple[Problem, ...]:
        """What makes no sense in these values: names of no role, whichever regulation's, and what its own check finds.

        Clause R0.7.
        """
        return (*role_problems(values), *self.validate(values))
