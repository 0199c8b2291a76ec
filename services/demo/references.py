"""What the story's files refer to by a word, because it has its id or its secret only once the story is told.

A text among the fields of an act may be ``@USERNAME`` (the member), ``respondent:NAME`` (of the case that the act is
on), ``stream:NOUN/NAME`` (a complaint or case of the story) or ``receipt:NAME`` (the hash of a reporter's receipt).
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from domain.accountability import AccountabilityCaseState
from domain.kernel import State
from domain.organisation import OrganisationState
from services.demo.plan import Receipts, matter_id


def hashes(secrets: Mapping[str, str]) -> Receipts:
    """What is stored of receipts."""
    return {
        name: sha256(urlsafe_b64decode(secret + "=" * (-len(secret) % 4))).hexdigest()
        for name, secret in secrets.items()
    }


def resolved(
    fields: Mapping[str, Any], tenant: UUID, organisation: OrganisationState, receipts: Receipts, state: State | None
) -> dict[str, Any]:
    """The fields with everything that they refer to; `LookupError` where something is unknown."""

    def stream(text: str) -> UUID:
        noun, _, name = text.partition("/")
        return matter_id(tenant, noun, name, receipts)

    ways: Mapping[str, Callable[[str], UUID | str]] = {
        "@": lambda username: organisation.usernames[username],
        "respondent:": lambda name: _respondent(state, name),
        "stream:": stream,
        "receipt:": lambda name: receipts[name],
    }
    return {name: _resolved(value, ways) for name, value in fields.items()}


def _resolved(value: Any, ways: Mapping[str, Callable[[str], UUID | str]]) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(each, ways) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_resolved(each, ways) for each in value]
    if isinstance(value, str):
        for prefix, way in ways.items():
            if value.startswith(prefix):
                return way(value.removeprefix(prefix))
    return value


def _respondent(state: State | None, name: str) -> UUID:
    if isinstance(state, AccountabilityCaseState):
        for respondent_id, party in state.parties.items():
            if party.respondent.name == name:
                return respondent_id
    raise LookupError(f"the case has no respondent {name}")
