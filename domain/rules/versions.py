"""The versions of one regulation's values: the shipped ones, and those that a tenant has put in force."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib import resources
from typing import Generic, TypeVar

import msgspec

from domain.kernel import Context, Refusal, Text

V = TypeVar("V", bound=msgspec.Struct)


class InForce(msgspec.Struct, Generic[V], frozen=True):
    """The values that apply, and the version they are."""

    version: int
    values: V


class RuleVersions(Generic[V]):
    """The versions of a regulation by day and by number.

    ``rules_of`` are its values in both languages as they stand in a sentence; ``clause`` says from when they apply.
    """

    def __init__(self, regulation: str, values: type[V], *, rules_of: Text, clause: str = "R0.7") -> None:
        """Of a regulation whose shipped values stand in the pack of its name."""
        self.regulation, self.values, self._rules_of, self._clause = regulation, values, rules_of, clause

    def in_force(self, context: Context, day: date) -> InForce[V]:
        """The version in force on a day; refused (``rules_not_adopted``) while the tenant has none."""
        for candidate in reversed(context.rules.get(self.regulation, ())):
            if candidate.effective_from <= day and isinstance(candidate.values, self.values):
                return InForce(candidate.version, candidate.values)
        raise Refusal(
            "rules_not_adopted",
            zh=f"{day}尚无生效的{self._rules_of.zh}",
            en=f"No {self._rules_of.en} are in force on {day}.",
            clause=self._clause,
            details={"regulation": self.regulation, "day": day.isoformat()},
        )

    def version(self, context: Context, number: int) -> InForce[V]:
        """A published version by its number; `LookupError` when the tenant never published it."""
        for candidate in context.rules.get(self.regulation, ()):
            if candidate.version == number and isinstance(candidate.values, self.values):
                return InForce(number, candidate.values)
        raise LookupError(f"version {number} of {self.regulation} was never published")

    def default_values(self) -> V:
        """The shipped values."""
        return self._shipped

    @cached_property
    def _shipped(self) -> V:
        """Read once; decimals stay exact."""
        pack = resources.files("domain.rules").joinpath("packs", f"{self.regulation.lower()}.toml")
        return msgspec.convert(
            tomllib.loads(pack.read_text(encoding="utf-8"), parse_float=Decimal)["values"], self.values
        )
