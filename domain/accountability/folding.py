"""Small changes to a case that several events make."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from domain.accountability.state import AccountabilityCaseState, Party
from domain.accountability.words import RespondentRecord


def joined(state: AccountabilityCaseState, respondent: RespondentRecord) -> AccountabilityCaseState:
    """The case with one more respondent, who may not act on it from then on."""
    parties = {**state.parties, respondent.id: Party(respondent=respondent)}
    answering = respondent.answering
    interested = state.interested if answering is None else {**state.interested, answering: "respondent"}
    return replace(state, parties=parties, interested=interested)


def dropped(state: AccountabilityCaseState, *keys: str) -> AccountabilityCaseState:
    """The case without some limits: what they were for has been done."""
    return replace(state, clocks={key: clock for key, clock in state.clocks.items() if key not in keys})


def changed(state: AccountabilityCaseState, respondent_id: UUID, **changes: Any) -> AccountabilityCaseState:
    """The case with something changed about one respondent."""
    party = replace(state.parties[respondent_id], **changes)
    return replace(state, parties={**state.parties, respondent_id: party})
