"""A tenant in memory: streams, deadlines and reactions without a wire or a clock, for tests."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from domain import catalogue
from domain.calendar import Calendar
from domain.kernel import Actor, Cause, Context, derived_id
from domain.office import Office
from domain.organisation import calendar, office
from domain.rule_book import timeline
from domain.rules.registry import REGULATIONS

TENANT = UUID("00000000-0000-4000-8000-0000000000aa")
PEOPLE = tuple(UUID(int=number) for number in (1, 2, 3))


def books_of(tenant):
    """Each regulation with the stream of a tenant's rule book."""
    return tuple((regulation, derived_id(tenant, "rule_book", regulation)) for regulation in REGULATIONS)


BOOKS = dict(books_of(TENANT))
RULES = BOOKS["R14"]


class World:
    """Every event is stored as canonical JSON and read back before it is folded."""

    def __init__(self, now=datetime(2026, 3, 2, 1, tzinfo=UTC), tenant=TENANT):
        self.now = now
        self.tenant = tenant
        self.owed = {}
        self.states = {}
        self.versions = {}
        self.log = []
        self.reacted = 0
        self.commands = 0
        self.accepted = []
        self.stations = []

    def send(self, noun, stream_id, command, kind="member", person=PEOPLE[0]):
        """Decide, store and fold a command, then let all reactions to it run dry; the command's own events."""
        events = self._decide(noun, stream_id, command, kind, person)
        while self.reacted < len(self.log):
            cause_noun, cause_id, version, event = self.log[self.reacted]
            self.reacted += 1
            cause = Cause(stream_id=cause_id, stream_version=version, position=self.reacted)
            for reaction in catalogue.reactions_to(type(event)):
                state = self.left(cause_noun, cause_id, version) if reaction.with_state else None
                for dispatch in reaction.answer(event, cause, state):
                    self._decide(dispatch.noun, dispatch.stream_id, dispatch.command, "system", None)
        return events

    def pass_to(self, *day, hour=1):
        """Move on to a day, firing each deadline on the way at its time."""
        self.advance(datetime(*day, hour, tzinfo=UTC))

    def advance(self, target):
        """Move on to an instant, firing each deadline on the way at its time; those instants."""
        fired = []
        while due := self._due(target):
            deadline, noun, stream_id = due
            self.now = max(self.now, deadline.due_at)
            fired.append(self.now)
            self.send(noun, stream_id, deadline.command, "system", None)
        self.now = target
        return fired

    def state(self, noun, stream_id):
        """A stream's state."""
        return self.states[noun, stream_id]

    def left(self, noun, stream_id, version):
        """A stream's state as the event of a version left it."""
        events = [event for _, other, at, event in self.log if other == stream_id and at <= version]
        return catalogue.decider_of(noun).fold(None, events)

    def context(self, stream_id, kind="member", person=None):
        """What a decision of this moment sees."""
        organisation = self.states.get(("organisation", self.tenant))
        books = {regulation: self.states.get(("rule_book", stream)) for regulation, stream in books_of(self.tenant)}
        return Context(
            actor=Actor(kind=kind, id=person),
            now=self.now,
            calendar=Calendar() if organisation is None else calendar(organisation),
            rules={regulation: timeline(book) for regulation, book in books.items() if book is not None},
            entropy=sha256(str(self.commands).encode()).digest(),
            stream_id=stream_id,
            office=Office() if organisation is None else office(organisation),
        )

    def _due(self, until):
        owed = [
            (deadline, noun, stream_id)
            for (noun, stream_id), deadlines in self.owed.items()
            for deadline in deadlines
            if deadline.due_at <= until
        ]
        return min(owed, key=lambda each: (each[0].due_at, each[0].key), default=None)

    def _decide(self, noun, stream_id, command, kind, person):
        decider, key = catalogue.decider_of(noun), (noun, stream_id)
        self.commands += 1
        events = decider.decide(self.states.get(key), command, self.context(stream_id, kind, person))
        self.accepted.append(command)
        stored = [msgspec.json.encode(event, order="sorted") for event in events]
        events = tuple(
            msgspec.json.decode(payload, type=type(event)) for payload, event in zip(stored, events, strict=True)
        )
        for event in events:
            self.states[key] = decider.evolve(self.states.get(key), event)
            self.versions[key] = self.versions.get(key, 0) + 1
            self.log.append((noun, stream_id, self.versions[key], event))
        if events:
            self.stations.append((noun, self.states[key]))
        if owed := decider.deadlines(self.states[key]) if key in self.states else ():
            self.owed[key] = owed
        else:
            self.owed.pop(key, None)
        return events
