"""Whom an event of a case makes interested in it (R4.21), for whoever follows the cases without folding them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from domain.accountability import events as e
from domain.accountability.words import RespondentRecord
from domain.kernel import Event


def made_interested(event: Event) -> tuple[UUID, ...]:
    """The people from whom the case is kept from this event on; each perhaps for the second time."""
    found = _OF.get(type(event))
    return () if found is None else tuple(person for person in found(event) if person is not None)


def _answering(respondents: Iterable[RespondentRecord]) -> tuple[UUID | None, ...]:
    return tuple(each.answering for each in respondents)


_OF: Mapping[type[Event], Callable[[Any], tuple[UUID | None, ...]]] = {
    e.MatterReported: lambda event: (event.reporter, *_answering(event.respondents)),
    e.RespondentNamed: lambda event: _answering((event.respondent,)),
    e.CaseAbsorbed: lambda event: (*_answering(event.respondents), *(each.person for each in event.interested)),
    e.RelativeRecorded: lambda event: (event.person,),
    e.PersonRecused: lambda event: (event.person,),
    e.ObstructionRecorded: lambda event: (event.person,),
    e.PersonsBarred: lambda event: event.persons,
}
INTERESTING = tuple(_OF)
"""The events that make somebody interested."""
