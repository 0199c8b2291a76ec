"""What a place says of its duties, as commands to them: opened, handed on, under other terms, ended."""

from datetime import date
from uuid import UUID

from domain.duty.commands import ApplyTerms, EndDuty, EstablishDuty, ReassignDuty
from domain.duty_terms import Holder, Scope, Terms
from domain.kernel import Dispatch

RULES_CHANGED = "适用现行制度"
"""Why terms change where the organisation's rules did."""


class DutySet:
    """The duties of one place: ``scope`` is what they are owed in, ``scheme`` the stream that decides about them."""

    def __init__(self, scheme: UUID, scope: Scope) -> None:
        """Of a place and the stream that keeps its duties."""
        self._scheme, self._scope = scheme, scope

    def opened(self, duty: UUID, terms: Terms, holder: Holder, begins_on: date) -> Dispatch:
        """A duty is owed from a day on."""
        command = EstablishDuty(
            terms=terms, scope=self._scope, holder=holder, begins_on=begins_on, scheme_id=self._scheme
        )
        return Dispatch("duty", duty, command)


def handed(duty: UUID, holder: Holder, reason: str) -> Dispatch:
    """Another owes it from now on."""
    return Dispatch("duty", duty, ReassignDuty(holder=holder, reason=reason))


def changed(duty: UUID, terms: Terms) -> Dispatch:
    """It has the terms of the rules in force from its next window on."""
    return Dispatch("duty", duty, ApplyTerms(terms=terms, reason=RULES_CHANGED))


def ended(duty: UUID, reason: str) -> Dispatch:
    """It is owed no longer."""
    return Dispatch("duty", duty, EndDuty(reason=reason))
