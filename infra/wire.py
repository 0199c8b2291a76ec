"""How events become bytes and bytes become events: canonical JSON, upcasting, and the hooks of the library's mapper."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import Cipher, Compressor, MapperDeserialisationError, StoredEvent

from domain.kernel import Event

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Turns the fields of a reshaped event's old version into the next; the new tag stands in ``type``."""

_CANONICAL = msgspec.json.Encoder(order="sorted", decimal_format="string", uuid_format="canonical")
_ANY_KEYS = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical")


def canonical(value: object) -> bytes:
    """The one JSON of a value: keys sorted, no white space, UTF-8; what is hashed is what is stored."""
    try:
        return _CANONICAL.encode(value)
    except TypeError:  # the encoder sorts text keys only; states are keyed by identifiers, too
        return _CANONICAL.encode(msgspec.json.decode(_ANY_KEYS.encode(value)))


def as_json(value: object) -> bytes:
    """Some JSON of a value, in whatever order its keys stand: for what is read again and never compared."""
    return _ANY_KEYS.encode(value)


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known about a recording besides its events; shared by all events of one command."""

    command_id: UUID
    command: str
    actor_kind: str
    actor_id: UUID | None = None
    actor_name: str = ""
    roles: tuple[str, ...] = ()
    causation: str | None = None
    """For a command that a reaction or a deadline sent: which one, and the position or key that caused it."""
    correlation: str | None = None
    rules: dict[str, int] = {}
    client_time: datetime | None = None
    by_day: bool = False
    """The day alone is kept of when this was recorded: an anonymous reporter sent it, or such an event caused it."""


class EventRecord(msgspec.Struct, frozen=True):
    """A domain event at its place in its stream (the library's ``DomainEventProtocol``)."""

    originator_id: UUID
    originator_version: int
    event: Event


class StoredRow(msgspec.Struct, frozen=True):
    """An event as it is stored, at its position in the tenant's order."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    metadata: bytes
    recorded_at: datetime


def recorded_by(rows: Sequence[StoredRow], instant: datetime) -> list[StoredRow]:
    """The events of a stream that had been recorded by an instant.

    Of some the day alone is kept, and they are dated by its beginning; they were not there before those that precede
    them in the stream.
    """
    return list(takewhile(lambda row: row.recorded_at <= instant, rows))


class EventMapper:
    """Converts between domain events and stored bytes; the counterpart of the library's ``Mapper``.

    The topic is the event's stable tag, independent of module paths. ``upcasters`` maps the tag of an old version
    to the function that turns its fields into a newer one's; they are applied until a current tag is reached.
    """

    def __init__(
        self,
        event_types: Mapping[str, type[Event]],
        *,
        upcasters: Mapping[str, Upcaster] | None = None,
        compressor: Compressor | None = None,
        cipher: Cipher | None = None,
    ) -> None:
        self._decoders = {tag: msgspec.json.Decoder(event_type) for tag, event_type in event_types.items()}
        self._topics = {event_type: tag for tag, event_type in event_types.items()}
        self._types = dict(event_types)
        self._upcasters = dict(upcasters or {})
        self._compressor = compressor
        self._cipher = cipher
        self._plain = compressor is None and cipher is None

    @property
    def older_topics(self) -> frozenset[str]:
        """The tags of reshaped events' old versions: whoever reads some topics reads these, too, and then looks."""
        return frozenset(self._upcasters)

    def topic(self, event_type: type[Event]) -> str:
        """The stable tag of an event class."""
        return self._topics[event_type]

    def encode(self, event: Event) -> tuple[str, bytes]:
        """The topic and the bytes of an event."""
        state = _CANONICAL.encode(event)
        if not self._plain:
            state = self._wrap(state)
        return self._topics[type(event)], state

    def decode(self, topic: str, state: bytes) -> Event:
        """The event of a topic and its bytes, upcast to its current version.

        Raises ``MapperDeserialisationError`` when the bytes are not that event.
        """
        try:
            if not self._plain:
                state = self._unwrap(state)
            decoder = self._decoders.get(topic)
            if decoder is not None:
                return decoder.decode(state)
            return self._upcast(topic, msgspec.json.decode(state))
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            raise MapperDeserialisationError(f"stored event of topic {topic!r} does not decode: {error}") from error

    def _upcast(self, topic: str, fields: dict[str, Any]) -> Event:
        for _ in range(len(self._upcasters) + 1):
            if topic in self._types:
                return msgspec.convert(fields, self._types[topic])
            fields = self._upcasters[topic](fields)
            topic = fields["type"]
        raise KeyError(topic)

    def to_stored_event(self, record: EventRecord) -> StoredEvent:
        """The library's stored event for a record."""
        topic, state = self.encode(record.event)
        return StoredEvent(record.originator_id, record.originator_version, topic, state)

    def to_domain_event(self, stored: StoredEvent) -> EventRecord:
        """The record of one of the library's stored events."""
        event = self.decode(stored.topic, stored.state)
        return EventRecord(UUID(str(stored.originator_id)), stored.originator_version, event)

    def _wrap(self, state: bytes) -> bytes:
        if self._compressor:
            state = self._compressor.compress(state)
        return self._cipher.encrypt(state) if self._cipher else state

    def _unwrap(self, state: bytes) -> bytes:
        if self._cipher:
            state = self._cipher.decrypt(state)
        return self._compressor.decompress(state) if self._compressor else state
