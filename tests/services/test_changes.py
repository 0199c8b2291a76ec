"""The difference between two states: complete where it fits, bounded where it does not, silent about what is sealed."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from domain.catalogue import decider_of
from infra.wire import canonical
from services.runtime import changes as module
from services.runtime.changes import MAX_CHANGES, MAX_VALUE_BYTES, Change, changes
from tests.projections.folding import year


class Inner(msgspec.Struct, frozen=True):
    """A part."""

    n: int
    text: str = ""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A state with a part of each shape."""

    status: str = "open"
    at: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    inner: Inner | None = None
    listed: tuple[Inner, ...] = ()
    named: dict[UUID, Inner] = {}
    secret: str | None = None


def plain(value):
    """A value as JSON has it."""
    return msgspec.json.decode(canonical(value))


def patched(state, found):
    """A state as JSON with changes made to it."""
    whole = {} if state is None else plain(state)
    for change in reversed(found.items):
        *way, last = [name.replace("~1", "/").replace("~0", "~") for name in change.path.split("/")[1:]]
        place = whole
        for name in way:
            place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
        if isinstance(place, list):
            if change.after is UNSET:
                del place[int(last)]
            elif change.before is UNSET:
                place.insert(min(len(place), int(last)), change.after)
            else:
                place[int(last)] = change.after
        elif change.after is UNSET:
            del place[last]
        else:
            place[last] = change.after
    return whole


inners = st.builds(Inner, st.integers(0, 3), st.sampled_from(["", "a/b", "~"]))
wholes = st.builds(
    Whole,
    status=st.sampled_from(["open", "shut"]),
    inner=st.none() | inners,
    listed=st.lists(inners, max_size=1).map(tuple),
    named=st.dictionaries(st.sampled_from([UUID(int=n) for n in range(4)]), inners, max_size=4),
    secret=st.none() | st.just("s"),
)


@given(wholes, wholes)
def test_the_changes_lead_from_the_one_state_to_the_other(before, after):
    """Made to the state before, they give the state after; nothing is named that stayed as it was."""
    found = changes(before, after)
    assert found.more == 0
    assert patched(before, found) == plain(after)
    assert all(change.before != change.after for change in found.items)
    assert changes(before, before).items == ()


def test_the_changes_of_every_event_of_the_year_lead_to_the_state_after_it(monkeypatch):
    """Each stream of the story is told by its changes alone."""
    monkeypatch.setattr(module, "MAX_CHANGES", 100_000)
    monkeypatch.setattr(module, "MAX_VALUE_BYTES", 10_000_000)
    states = {}
    for noun, stream, _, event in year().log:
        before = states.get(stream)
        after = states[stream] = decider_of(noun).evolve(before, event)
        found = changes(before, after)
        kinds = [isinstance(part, list) for part in _lists(before, found)]
        if not any(kinds):
            told = msgspec.json.decode(msgspec.json.encode(patched(before, found)), type=type(after))
            assert told == after, type(event).__name__
        assert found.items or before == after


def _lists(before, found):
    """The lists that changes go through: taking an element out of their middle shifts the ones after it."""
    for change in found.items:
        place = {} if before is None else plain(before)
        for name in change.path.split("/")[1:-1]:
            place = place[int(name)] if isinstance(place, list) else place.get(name, {})
            yield place


def test_a_field_is_named_by_its_path_and_what_was_not_there_is_left_out():
    """A JSON pointer; a side without a value is no null."""
    key = UUID(int=1)
    assert changes(Whole(), Whole(inner=Inner(1), named={key: Inner(2)})).items == (
        Change("/inner", None, {"n": 1, "text": ""}),
        Change(f"/named/{key}", UNSET, {"n": 2, "text": ""}),
    )
    assert canonical(Change("/a", UNSET, None)) == b'{"after":null,"path":"/a"}'


def test_the_first_event_changes_every_field():
    """Before it there was nothing."""
    assert [change.path for change in changes(None, Whole()).items] == [
        "/status", "/at", "/inner", "/listed", "/named", "/secret"
    ]  # fmt: skip


def test_many_changes_are_counted():
    """The first ones are shown."""
    many = {UUID(int=number): Inner(number) for number in range(MAX_CHANGES + 7)}
    found = changes(Whole(), Whole(named=many))
    assert (len(found.items), found.more) == (MAX_CHANGES, 7)


def test_a_long_text_is_cut_and_a_large_part_taken_apart():
    """No value is longer than the bound, whatever a state holds."""
    long = Whole(inner=Inner(1, "长" * 5_000), listed=tuple(Inner(n, "x" * 900) for n in range(3)))
    found = changes(Whole(), long)
    assert [change.path for change in found.items] == ["/inner/n", "/inner/text", "/listed/0", "/listed/1", "/listed/2"]
    assert found.items[1].after.endswith("…（5000）")
    assert all(len(canonical(change.after)) <= MAX_VALUE_BYTES for change in found.items)


@pytest.mark.parametrize(("before", "after"), [(Whole(), Whole(secret="a")), (Whole(secret="a"), Whole(secret="b"))])
def test_what_is_sealed_is_never_shown(before, after):
    """That it changed is told, not from what to what."""
    [change] = changes(before, after, frozenset({"secret"})).items
    assert (change.path, change.before, change.after) == ("/secret", None, None)


def test_what_is_sealed_within_a_part_is_never_shown():
    """Neither where the part is shown as a whole."""
    [change] = changes(Whole(), Whole(inner=Inner(1, "token")), frozenset({"text"})).items
    assert change.after == {"n": 1, "text": None}
