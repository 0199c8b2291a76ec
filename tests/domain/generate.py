"""Hypothesis strategies made from msgspec types, which prefer what a stream already knows."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

DAYS = tuple(date(2026, 1, 1) + timedelta(days=n) for n in range(0, 500, 9))
MONTHS = tuple(f"2026-{number:02}" for number in range(1, 13))
INSTANTS = tuple(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n, hours=5) for n in range(0, 500, 13))
IDS = tuple(UUID(int=number) for number in (1, 2, 3))
WORDS = ("甲", "某物业公司", "Asia/Shanghai", "department", "tenant_admin", "top_up_days", "marginal")
EXAMPLES = ("2026-03", "li.si", "R14", "0f" * 16, "0f" * 32, "T01", "staff.hygiene", "department", "x1")


_ID_OR_MONTH = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|20[0-9]{2}-[0-9]{2}")
PUBLISHED_VERSIONS = (1, 2)
"""What the system sends was decided under rules that exist; a version never published is a broken store."""


class Source(NamedTuple):
    """Where values come from: leaves of the stream to use again, and whether decimals may be no numbers."""

    known: tuple = ()
    finite: bool = False


def commands(command, known=(), *, finite=False):
    """Commands of a type; ``known`` are leaf values of the stream that its fields may use again."""
    return _commands(command, Source(tuple(dict.fromkeys(known)), finite))


@lru_cache(maxsize=2000)
def _commands(command, source):
    return _struct(command, source)


def like(command):
    """A command as it was once accepted, or with some of its fields made anew."""
    fresh = {
        name: st.one_of(st.just(getattr(command, name)), st.just(getattr(command, name)), made)
        for name, made in _fields(type(command), Source(finite=True)).items()
    }
    return st.one_of(st.just(command), st.builds(type(command), **fresh))


def leaves(value):
    """Every scalar within builtins, keys included, in the order met."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        yield value


def worth_using_again(state):
    """The leaves of a state that commands are likely to name: ids and months of all, and the latest of the rest."""
    found = list(dict.fromkeys(leaves(msgspec.to_builtins(state))))
    named = [leaf for leaf in found if isinstance(leaf, str) and _ID_OR_MONTH.fullmatch(leaf)]
    return (*named[-60:], *found[-20:])


def _struct(cls, source):
    return st.builds(cls, **_fields(cls, source))


@lru_cache(maxsize=5000)
def _fields(cls, source):
    fields = {}
    for field in msgspec.structs.fields(cls):
        made = _field(cls, field.name, source)
        fields[field.name] = made if field.required else st.one_of(made, st.just(_default(field)))
    return fields


def _default(field):
    return field.default if field.default is not msgspec.NODEFAULT else field.default_factory()


def _field(cls, name, source):
    """A field's values: often one that the stream knows and the field admits, else one made from its type."""
    if name == "rule_version":
        return st.sampled_from(PUBLISHED_VERSIONS)
    made = _of(_types(cls)[name], source)
    admitted = [value for value in (_convert(cls, name, leaf) for leaf in source.known) if value is not None]
    return st.one_of(st.sampled_from(admitted), st.sampled_from(admitted), made) if admitted else made


@cache
def _types(cls):
    return {field.name: _plain(field.type) for field in inspect.type_info(cls).fields}


@cache
def _annotations(cls):
    return {field.name: field.type for field in msgspec.structs.fields(cls)}


@cache
def _convert(cls, name, leaf):
    """A known leaf as a value of the field, or none where the field does not admit it."""
    if _is_free_text(_types(cls)[name]):
        return None
    try:
        return msgspec.convert(leaf, _annotations(cls)[name], strict=False)
    except (msgspec.ValidationError, ValueError):
        return None


def _is_free_text(info):
    return isinstance(info, inspect.StrType) and info.pattern is None and (info.max_length or 0) > 200


def _plain(info):
    return info.type if isinstance(info, inspect.Metadata) else info


def _of(info, source):
    info = _plain(info)
    return _STRATEGIES[type(info)](info, source)


def _text(info, _):
    low, high = info.min_length or 0, info.max_length or 20
    if info.pattern is None:
        fitting = [word for word in WORDS if low <= len(word) <= high]
        return st.one_of(st.sampled_from(fitting or ["x" * low]), st.text(min_size=low, max_size=min(high, low + 20)))
    fitting = [word for word in (*EXAMPLES, *MONTHS) if re.search(info.pattern, word) and low <= len(word) <= high]
    made = st.from_regex(info.pattern, fullmatch=True).filter(lambda word: low <= len(word) <= high)
    return st.sampled_from(fitting) if fitting else made


def _integer(info, _):
    low, high = info.ge if info.ge is not None else -5, info.le if info.le is not None else 10**6
    return st.one_of(st.integers(low, min(high, low + 5)), st.integers(low, high))


def _decimal(_, source):
    usual = st.sampled_from([Decimal(0), Decimal(60), Decimal("88.5")])
    return st.one_of(usual, st.decimals(allow_nan=not source.finite, allow_infinity=not source.finite))


def _tuple(info, source):
    most = min(info.max_length or 3, 3)
    return st.lists(_of(info.item_type, source), min_size=info.min_length or 0, max_size=most).map(tuple)


def _dict(info, source):
    most = min(info.max_length or 2, 2)
    keys, values = _of(info.key_type, source), _of(info.value_type, source)
    return st.dictionaries(keys, values, min_size=info.min_length or 0, max_size=most)


_STRATEGIES = {
    inspect.StrType: _text,
    inspect.IntType: _integer,
    inspect.DecimalType: _decimal,
    inspect.VarTupleType: _tuple,
    inspect.DictType: _dict,
    inspect.BoolType: lambda *_: st.booleans(),
    inspect.UUIDType: lambda *_: st.sampled_from(IDS),
    inspect.DateType: lambda *_: st.sampled_from(DAYS),
    inspect.TimeType: lambda *_: st.sampled_from((time(0), time(8), time(14, 30), time(20))),
    inspect.DateTimeType: lambda *_: st.sampled_from(INSTANTS),
    inspect.LiteralType: lambda info, _: st.sampled_from(info.values),
    inspect.NoneType: lambda *_: st.none(),
    inspect.UnionType: lambda info, source: st.one_of([_of(each, source) for each in info.types]),
    inspect.StructType: lambda info, source: _struct(info.cls, source),
    inspect.AnyType: lambda *_: st.sampled_from([None, 1, "1", "marginal", "none", [], {}]),
}
