"""What the recorded months of a project lead to, computed from all of them each time (R14.5.1, R14.5.2).

A re-assessed month may shift a streak that later months continued. Counting again from the first month
is the only way to be right about it, and a contract has few months.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from domain.periods import next_month
from domain.rules.r14 import R14Rules

Band = Literal["excellent", "qualified", "marginal", "failed"]


class Assessed(msgspec.Struct, frozen=True):
    """One month's result, as far as consequences go."""

    month: str
    band: Band
    rule_version: int


class Standing(msgspec.Struct, frozen=True):
    """How long the streak is after a month, and since when it entitles the college to terminate."""

    month: str
    streak: int
    right_since: str | None


class Consequences(msgspec.Struct, frozen=True, kw_only=True):
    """All that follows from the months: where corrections are due, where priority was earned, how each month stands."""

    corrections: tuple[str, ...] = ()
    """Months at which a streak reached the length that orders a correction, once a streak."""
    priorities: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()

    def after(self, month: str | None) -> Standing:
        """How things stood after a month: after the last recorded one that is not later."""
        found = Standing("", 0, None)
        for standing in self.standings:
            if month is not None and standing.month <= month:
                found = standing
        return found

    @property
    def latest(self) -> Standing:
        """How things stand now."""
        return self.standings[-1] if self.standings else Standing("", 0, None)


def counts(band: Band, rules: R14Rules) -> bool:
    """Whether a month lengthens the streak (reading R14.5.1.streak)."""
    return band == "failed" or (band == "marginal" and rules.streak_counts == "below_standard")


def passes(band: Band) -> bool:
    """Whether a month ends the streak. A marginal month is below standard: it never does."""
    return band in {"qualified", "excellent"}


def consequences(
    months: Sequence[Assessed], rules: Mapping[int, R14Rules], corrected: Mapping[str, str] | None = None
) -> Consequences:
    """Count through the months in order; each counts by the rules of its own version.

    ``corrected`` maps the month of an ordered correction to the month from which its completion resets the
    streak (reading R14.5.1.reset); a correction that was never due resets nothing.
    """
    corrected = corrected or {}
    corrections: list[str] = []
    priorities: list[str] = []
    standings: list[Standing] = []
    streak, ordered, right_since, reset_from = 0, False, None, None
    expected = None
    for assessed in sorted(months, key=lambda each: each.month):
        values = rules[assessed.rule_version]
        skipped = expected is not None and assessed.month != expected and values.streak_gap == "breaks"
        fresh_start = reset_from is not None and assessed.month >= reset_from
        if passes(assessed.band) or skipped or fresh_start:
            streak, ordered, right_since, reset_from = 0, False, None, None
        if counts(assessed.band, values):
            streak += 1
            if streak >= values.correction_after and not ordered:
                ordered = True
                corrections.append(assessed.month)
                reset_from = corrected.get(assessed.month)
            if streak >= values.termination_after and right_since is None:
                right_since = assessed.month
        if assessed.band == "excellent":
            priorities.append(assessed.month)
        standings.append(Standing(assessed.month, streak, right_since))
        expected = next_month(assessed.month)
    return Consequences(corrections=tuple(corrections), priorities=tuple(priorities), standings=tuple(standings))
