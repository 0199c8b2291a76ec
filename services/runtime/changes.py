"""What an event changed: the difference between the folded states before and after it, field by field, bounded."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from infra.wire import canonical

MAX_CHANGES = 100
MAX_VALUE_BYTES = 1_000
SHOWN_OF_TEXT = 200

Sealed = frozenset[str]


class Change(msgspec.Struct, frozen=True):
    """One field (a JSON pointer into the state) before and after; a side that is left out was not there."""

    path: str
    before: Any | UnsetType = UNSET
    after: Any | UnsetType = UNSET


class Changes(msgspec.Struct, frozen=True):
    """The first `MAX_CHANGES` fields that differ; ``more`` counts the others."""

    items: tuple[Change, ...]
    more: int = 0


def changes(before: msgspec.Struct | None, after: msgspec.Struct | None, sealed: Sealed = frozenset()) -> Changes:
    """How two states differ. Values of sealed fields are shown as nothing, long ones are taken apart or cut."""
    items: list[Change] = []
    more = 0
    for path, old, new in _differences("", UNSET if before is None else before, UNSET if after is None else after):
        if len(items) < MAX_CHANGES:
            hidden = path.rpartition("/")[2] in sealed
            items.append(Change(path, _shown(old, sealed, hidden=hidden), _shown(new, sealed, hidden=hidden)))
        else:
            more += 1
    return Changes(tuple(items), more)


def without(value: Any, sealed: Sealed) -> Any:
    """A value made of JSON's types with nothing in the place of what is sealed."""
    if isinstance(value, dict):
        return {key: None if key in sealed else without(each, sealed) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [without(each, sealed) for each in value]
    return value


def _differences(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Each smallest part that differs. What both states share is not looked into: a fold copies only what changes."""
    if before is after:
        return
    old, new = _parts(before), _parts(after)
    if old is not None and new is not None and type(before) is type(after):
        for name, part, other in _pairs(old, new):
            yield from _differences(f"{path}/{_escaped(str(name))}", part, other)
    elif path == "" or (_taken_apart(before, new) and not _fits(after)):
        for name, part in (new or {}).items():
            yield from _differences(f"{path}/{_escaped(str(name))}", UNSET, part)
    elif _taken_apart(after, old) and not _fits(before):
        for name, part in (old or {}).items():
            yield from _differences(f"{path}/{_escaped(str(name))}", part, UNSET)
    elif before != after:
        yield path, before, after


def _pairs(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[tuple[Any, Any, Any]]:
    """Name by name what is not the same thing on both sides: of thousands of members mostly one is another."""
    for name, part in old.items():
        other = new.get(name, UNSET)
        if other is not part:
            yield name, part, other
    for name, part in new.items():
        if name not in old:
            yield name, UNSET, part


def _parts(value: Any) -> Mapping[Any, Any] | None:
    """The parts of a value by name, if it has any; a dictionary's names as they are."""
    if isinstance(value, msgspec.Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        return {encoded: getattr(value, field) for encoded, field in names}
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return dict(enumerate(value))
    return None


def _taken_apart(other: Any, parts: Mapping[Any, Any] | None) -> bool:
    """Whether a value is shown by its parts: it came, or went, as a whole."""
    return parts is not None and (other is UNSET or other is None)


def _fits(value: Any) -> bool:
    return len(canonical(value)) <= MAX_VALUE_BYTES


def _shown(value: Any, sealed: Sealed, *, hidden: bool) -> Any:
    if value is UNSET:
        return UNSET
    if hidden:
        return None
    plain = without(msgspec.json.decode(canonical(value)), sealed)
    if isinstance(plain, str) and len(plain.encode()) > MAX_VALUE_BYTES:
        return f"{plain[:SHOWN_OF_TEXT]}…（{len(plain)}）"
    size = len(canonical(plain))
    return plain if size <= MAX_VALUE_BYTES else f"…（{size} B）"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
