"""Roles named by rule values: whichever regulation's, and wherever they stand, they are roles that there are."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from msgspec import inspect

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal
from domain.roles import ROLE_NAMES
from domain.rule_book import RULE_BOOK
from domain.rule_book.messages import AdoptPack, DraftVersion
from domain.rules.fields import rule
from domain.rules.registry import REGULATIONS
from domain.rules.regulation import Regulation
from domain.rules.role_names import RoleName, names_role, role_problems

DRAFTER = Actor(kind="member", id=UUID(int=1), roles=frozenset({"rules_drafter"}))
NO_ROLE = {"code", "zh", "en", "row", "severity", "forms", "per"}
"""Rule values of free text that are codes and labels of their own list. A new one is named here, or is a `RoleName`."""
NO_TEXT = (
    inspect.LiteralType,
    inspect.IntType,
    inspect.DecimalType,
    inspect.BoolType,
    inspect.TimeType,
    inspect.NoneType,
)

Leaf = tuple[str, str, bool]
"""Where a text stands, by its type (``escalation[].role``), its own name, and whether it is a `RoleName`."""


def texts_of(kind: inspect.Type, path: str = "", name: str = "") -> Iterator[Leaf]:
    """Every text that a type admits, found without a value; an unknown kind of type is an error, not a gap."""
    if names_role(kind) or isinstance(kind, inspect.StrType):
        yield path, name, names_role(kind)
        return
    match kind:
        case inspect.Metadata():
            yield from texts_of(kind.type, path, name)
        case inspect.StructType():
            for field in kind.fields:
                yield from texts_of(field.type, f"{path}.{field.name}" if path else field.name, field.name)
        case inspect.TupleType():
            for place, item in enumerate(kind.item_types):
                yield from texts_of(item, f"{path}[{place}]", name)
        case inspect.VarTupleType():
            yield from texts_of(kind.item_type, f"{path}[]", name)
        case inspect.UnionType():
            for member in kind.types:
                yield from texts_of(member, path, name)
        case _:
            assert isinstance(kind, NO_TEXT), f"{path}: the check of roles knows no {type(kind).__name__}"


def texts_within(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the values as they are stored, with the steps that lead to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_within(each, (*path, key))


def written(path: tuple[str | int, ...]) -> str:
    """The steps as the path of a problem."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def stored(regulation: Regulation) -> dict[str, Any]:
    """The shipped values as a tenant's version keeps them."""
    return msgspec.json.decode(msgspec.json.encode(regulation.default_values()), type=dict[str, Any])


def with_text(values: Any, path: tuple[str | int, ...], text: str) -> Any:
    """The values with another text at one place."""
    if not path:
        return text
    step, rest = path[0], path[1:]
    if isinstance(values, dict):
        return {**values, step: with_text(values[step], rest, text)}
    assert isinstance(step, int)
    return [*values[:step], with_text(values[step], rest, text), *values[step + 1 :]]


def shape(path: str) -> str:
    """A path without its places, so that those of a type and those of values compare."""
    return re.sub(r"\[\d*\]", "[]", path)


def shapes(name: str, *, roles: bool) -> set[str]:
    """Where a regulation's values admit roles, or else other texts."""
    return {
        shape(path) for path, _, is_role in texts_of(inspect.type_info(REGULATIONS[name].values)) if is_role is roles
    }


def roles_within(name: str) -> dict[str, tuple[str | int, ...]]:
    """Where the shipped values name roles, by path."""
    marked = shapes(name, roles=True)
    found = {written(path): path for path, _ in texts_within(stored(REGULATIONS[name]))}
    return {where: path for where, path in found.items() if shape(where) in marked}


PLACES = [(name, place) for name in REGULATIONS for place in roles_within(name)]


@pytest.mark.clause("R0.7")
@pytest.mark.parametrize(("name", "place"), PLACES)
def test_a_rule_value_that_names_no_role_is_refused_where_it_stands(name, place):
    """At each place of each regulation's values a typing error is found, with its path, when a version is drafted."""
    path = roles_within(name)[place]
    changed = with_text(stored(REGULATIONS[name]), path, "emperor")
    context = Context(actor=DRAFTER, now=datetime(2026, 4, 10, 2, tzinfo=UTC), calendar=Calendar())
    adopt = AdoptPack(regulation=name, effective_from=date(2026, 1, 1))
    state = RULE_BOOK.fold(None, RULE_BOOK.decide(None, adopt, context))
    draft = DraftVersion(changes={path[0]: changed[path[0]]}, note="typing error")
    with pytest.raises(Refusal) as refused:
        RULE_BOOK.decide(state, draft, context)
    assert (refused.value.code, refused.value.kind) == ("rule_value_senseless", "value")
    assert refused.value.field == f"changes.{place}"
    assert refused.value.text.zh == "规则值不合理：没有这一角色"


@pytest.mark.parametrize("name", REGULATIONS)
def test_every_role_a_type_admits_is_among_the_places_tried(name):
    """No list of roles is empty in the pack, so that the test above tries each of them."""
    assert {shape(place) for place in roles_within(name)} == shapes(name, roles=True)


@pytest.mark.parametrize("name", REGULATIONS)
def test_no_text_that_is_a_role_is_of_another_type(name):
    """A text is a role by its type, or a code or label known; a role's name that is no entry's own code is a role."""
    texts = list(texts_of(inspect.type_info(REGULATIONS[name].values)))
    assert [path for path, own, is_role in texts if not is_role and own not in NO_ROLE] == []
    plain = shapes(name, roles=False)
    named = {
        written(path): text
        for path, text in texts_within(stored(REGULATIONS[name]))
        if text in ROLE_NAMES and shape(written(path)) in plain and path[-1] != "code"
    }
    assert named == {}


@pytest.mark.parametrize("name", REGULATIONS)
def test_the_shipped_values_name_roles_that_there_are(name):
    """The check finds nothing in the packs."""
    assert REGULATIONS[name].problems(REGULATIONS[name].default_values()) == ()


class Told(msgspec.Struct, frozen=True):
    """A level of somebody's ladder."""

    role: RoleName
    label: str = "assessor?"


class Ladders(msgspec.Struct, frozen=True):
    """Each way in which values may name roles."""

    one: Annotated[RoleName, rule("R0.7", "一", "One")]
    many: tuple[RoleName, ...]
    pair: tuple[RoleName, RoleName]
    levels: tuple[Told, ...]
    perhaps: Told | None = None


def test_roles_are_found_by_their_type_alone():
    """Alone, in lists, in pairs, in the parts of a list, where there may be none; and no other text is looked at."""
    values = Ladders(
        one="emperor",
        many=("assessor", "empress"),
        pair=("prince", "assessor"),
        levels=(Told("assessor"), Told("duke")),
        perhaps=Told("earl"),
    )
    wrong = [problem.field for problem in role_problems(values)]
    assert wrong == ["one", "many[1]", "pair[0]", "levels[1].role", "perhaps.role"]
    sound = Ladders(one="assessor", many=(), pair=("leader", "assessor"), levels=())
    assert list(role_problems(sound)) == []
