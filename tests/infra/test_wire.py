"""Events become canonical bytes, and bytes of every age become events again."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.cipher import AESCipher
from eventsourcing.compressor import ZlibCompressor
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from eventsourcing.utils import Environment
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel import Event
from infra.wire import EventMapper, EventRecord, canonical
from tests.infra.counting import TYPES, CounterOpened, CounterRaised


class Everything(Event, tag="tested.everything"):
    """One field of each kind that events have."""

    zeta: str
    alpha: int
    score: Decimal
    due: date
    at: datetime
    who: UUID
    more: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)


EVERYTHING = {"tested.everything": Everything}


@given(
    st.builds(
        Everything,
        zeta=st.text(st.characters(codec="utf-8")),
        alpha=st.integers(-(2**53), 2**53),
        score=st.decimals(allow_nan=False, allow_infinity=False, places=2),
        due=st.dates(),
        at=st.datetimes(timezones=st.just(UTC)),
        who=st.uuids(),
        more=st.dictionaries(st.text(st.characters(codec="utf-8")), st.tuples(st.integers(0, 9))),
    )
)
def test_every_event_comes_back_as_it_was_and_has_one_form(event):
    """What is decoded equals what was encoded, and encoding it again gives the same bytes."""
    mapper = EventMapper(EVERYTHING)
    topic, state = mapper.encode(event)
    decoded = mapper.decode(topic, state)
    assert decoded == event
    assert mapper.encode(decoded) == (topic, state)


def test_the_form_is_canonical():
    """Keys are sorted, nothing is padded, decimals are strings, text is UTF-8."""
    event = Everything("考核", 1, Decimal("99.50"), date(2026, 3, 2), datetime(2026, 3, 2, tzinfo=UTC), UUID(int=7))
    assert canonical(event).decode() == (
        '{"alpha":1,"at":"2026-03-02T00:00:00Z","due":"2026-03-02","more":{},"score":"99.50",'
        '"type":"tested.everything","who":"00000000-0000-0000-0000-000000000007","zeta":"考核"}'
    )


def test_dictionaries_have_one_form_whatever_their_order():
    """The order in which keys were put in does not change the bytes."""
    assert canonical({"b": {"d": 1, "c": 2}, "a": 3}) == canonical({"a": 3, "b": {"c": 2, "d": 1}})


def test_the_topic_is_the_tag():
    """The stored name is independent of where the class lives."""
    assert EventMapper(TYPES).encode(CounterOpened("a"))[0] == "counter.opened"


def test_a_field_that_is_not_known_is_passed_over():
    """An event written by a newer program still loads."""
    stored = b'{"type":"counter.raised","by":2,"colour":"red"}'
    assert EventMapper(TYPES).decode("counter.raised", stored) == CounterRaised(2)


def test_a_field_that_was_not_there_has_its_default():
    """An event written before a field was added loads with its default."""
    assert EventMapper(TYPES).decode("counter.raised", b'{"type":"counter.raised","by":2}').reason == ""


UPCASTERS = {
    "counter.incremented": lambda fields: {**fields, "type": "counter.grown", "n": fields["amount"]},
    "counter.grown": lambda fields: {"type": "counter.raised", "by": fields["n"]},
}


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("counter.incremented", b'{"type":"counter.incremented","amount":5}'),
        ("counter.grown", b'{"type":"counter.grown","n":5}'),
        ("counter.raised", b'{"type":"counter.raised","by":5}'),
    ],
)
def test_every_older_version_becomes_the_current_one(topic, state):
    """Upcasters are applied one after the other until a current event is reached."""
    assert EventMapper(TYPES, upcasters=UPCASTERS).decode(topic, state) == CounterRaised(5)


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("counter.raised", b'{"type":"counter.raised"}'),
        ("counter.raised", b'{"type":"counter.opened","name":"a"}'),
        ("counter.raised", b"not json"),
        ("counter.raised", b"\xff"),
        ("counter.forgotten", b'{"type":"counter.forgotten"}'),
        ("counter.endless", b'{"type":"counter.endless"}'),
    ],
)
def test_what_is_no_event_of_its_topic_is_refused(topic, state):
    """Damaged or unknown bytes raise the library's error; upcasters that go in a circle do not run for ever."""
    circle = {"counter.endless": lambda fields: fields}
    with pytest.raises(MapperDeserialisationError):
        EventMapper(TYPES, upcasters=circle).decode(topic, state)


def aes(key=None):
    """The library's cipher."""
    return AESCipher(Environment("", {AESCipher.CIPHER_KEY: key or AESCipher.create_key(32)}))


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("encrypted", [True, False])
def test_the_librarys_compressor_and_cipher_are_used(compressed, encrypted):
    """What they made unreadable or small comes back as it was."""
    mapper = EventMapper(
        TYPES, compressor=ZlibCompressor() if compressed else None, cipher=aes() if encrypted else None
    )
    event = CounterOpened("kept secret " * 50)
    topic, state = mapper.encode(event)
    assert mapper.decode(topic, state) == event
    assert (b"kept secret" in state) == (not compressed and not encrypted)
    assert (len(state) < 300) == compressed


def test_another_key_reads_nothing():
    """Bytes under another key raise the library's error."""
    topic, state = EventMapper(TYPES, cipher=aes()).encode(CounterOpened("a"))
    with pytest.raises(MapperDeserialisationError):
        EventMapper(TYPES, cipher=aes()).decode(topic, state)


def test_records_and_the_librarys_stored_events_correspond():
    """A record at its place becomes a stored event and a record again."""
    mapper, record = EventMapper(TYPES), EventRecord(uuid4(), 3, CounterRaised(4))
    stored = mapper.to_stored_event(record)
    assert stored == StoredEvent(record.originator_id, 3, "counter.raised", canonical(record.event))
    assert mapper.to_domain_event(stored) == record


def test_an_unknown_event_class_is_not_written():
    """Only events of the catalogue have a topic."""
    with pytest.raises(KeyError):
        EventMapper(TYPES).encode(msgspec.convert({"type": "other"}, msgspec.defstruct("Other", [], tag="other")))
