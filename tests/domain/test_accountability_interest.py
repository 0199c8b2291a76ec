"""Whom events make interested in a case: the same, for whoever folds the case and whoever only follows the events."""

from collections import defaultdict
from functools import cache
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.accountability import ACCOUNTABILITY_CASE
from domain.accountability import events as e
from domain.accountability.interest import INTERESTING, made_interested
from domain.accountability.words import InterestedPerson
from tests.domain import story

SOMEBODY = UUID(int=77)
pytestmark = pytest.mark.clause("R4.21")


@cache
def lived():
    """Each event of the story's cases, with its stream and the states before and after it."""
    states, found = {}, []
    for noun, stream, _, event in story.whole_year().log:
        if noun == ACCOUNTABILITY_CASE.noun:
            before = states.get(stream)
            states[stream] = ACCOUNTABILITY_CASE.evolve(before, event)
            found.append((stream, before, event, states[stream]))
    return found


def test_who_follows_the_events_knows_whom_the_state_keeps_out():
    """After each event of the story's cases."""
    followed = defaultdict(set)
    for stream, _, event, after in lived():
        followed[stream].update(made_interested(event))
        assert followed[stream] == set(after.interested)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        (e.ObstructionRecorded, {"person": SOMEBODY}),
        (e.CaseAbsorbed, {"interested": (InterestedPerson(SOMEBODY, "relative"),)}),
        (e.PersonRecused, {"person": SOMEBODY}),
    ],
)
def test_an_event_that_names_somebody_keeps_him_out(kind, changed):
    """Where the story's event names nobody it is made to."""
    before, event = next((before, event) for _, before, event, _ in lived() if type(event) is kind)
    named = replace(event, **changed)
    assert SOMEBODY in made_interested(named)
    assert SOMEBODY in ACCOUNTABILITY_CASE.evolve(before, named).interested


def test_every_kind_occurs_in_the_story():
    """So that the first test has looked at each."""
    assert {type(event) for _, _, event, _ in lived()} >= set(INTERESTING)
