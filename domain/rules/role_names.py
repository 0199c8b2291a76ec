"""The rule values that name a role: one type for all of them, and the check that each names a role there is.

A ladder, a list of those jointly liable, an owner of a stage: whatever a regulation's values tell, ask or charge by
role is a `RoleName`. What is wrong with one is found from the type alone, so that no regulation has to remember it.
A person's commands that name roles are held to the same.
"""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import inspect

from domain.kernel import Refusal
from domain.roles import ROLE_NAMES
from domain.rules.fields import Problem

RoleName = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)", extra={"names": "role"})
]
"""The name of a role (角色). That there is such a role is checked when a version of the rules is proposed."""


def names_role(kind: inspect.Type) -> bool:
    """Whether a value of this type is a `RoleName`."""
    return isinstance(kind, inspect.Metadata) and (kind.extra or {}).get("names") == "role"


def role_problems(values: msgspec.Struct) -> Iterator[Problem]:
    """Each value that names no role, with its path, e.g. ``escalation[1].role``."""
    for path, name in _named(_type_of(type(values)), values, ""):
        if name not in ROLE_NAMES:
            yield Problem(path, "没有这一角色", "names no role")


def must_name_roles(command: msgspec.Struct) -> None:
    """What a person asks for names roles that there are; refused (``unknown_role``) with the first place that does not.

    Commands of our own are not asked: they carry what a version of the rules says, though it be an older one.
    """
    for problem in role_problems(command):
        raise Refusal(
            "unknown_role",
            zh="没有这个角色",
            en="There is no such role.",
            kind="value",
            field=problem.field,
            details={"roles": list(ROLE_NAMES)},
        )


@cache
def _type_of(values: type[msgspec.Struct]) -> inspect.Type:
    return inspect.type_info(values)


def _named(kind: inspect.Type, value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The names of roles within a value, in its order, each with its path."""
    if names_role(kind):
        yield path, value
    for inner, each, where in _parts(kind, value, path):
        yield from _named(inner, each, where)


def _parts(kind: inspect.Type, value: Any, path: str) -> Iterator[tuple[inspect.Type, Any, str]]:
    """What a value is made of, one level down: the type, the value and the path of each part."""
    match kind:
        case inspect.Metadata():
            yield kind.type, value, path
        case inspect.StructType():
            for field in kind.fields:
                yield field.type, getattr(value, field.name), f"{path}.{field.name}" if path else field.name
        case inspect.TupleType():
            for place, (inner, each) in enumerate(zip(kind.item_types, value, strict=True)):
                yield inner, each, f"{path}[{place}]"
        case inspect.CollectionType():
            for place, each in enumerate(value):
                yield kind.item_type, each, f"{path}[{place}]"
        case inspect.UnionType() if value is not None:
            yield from ((each, value, path) for each in kind.types if not isinstance(each, inspect.NoneType))
