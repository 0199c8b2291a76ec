"""How commands and events name stored files: by the SHA-256 of their content, whoever stored them."""

from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

Digest = Annotated[str, msgspec.Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$(?!\n)")]
"""A SHA-256 in lower-case hexadecimal."""
Evidence = Annotated[tuple[Digest, ...], msgspec.Meta(max_length=50)]
"""The files that something rests on (证据材料)."""


def files_named(value: Any) -> tuple[tuple[str, str], ...]:
    """The files that a command or event names in fields of the type `Evidence`: each field with dots, and the digest.

    Types that have no such field, which is most of them, cost one look-up.
    """
    if isinstance(value, msgspec.Struct):
        return tuple(
            (f"{field}.{inner}" if inner else field, digest)
            for field, is_evidence in evidence_fields(type(value))
            for inner, digest in (
                _numbered(getattr(value, field)) if is_evidence else files_named(getattr(value, field))
            )
        )
    if isinstance(value, list | tuple):
        return tuple(
            (f"{index}.{inner}", digest) for index, each in enumerate(value) for inner, digest in files_named(each)
        )
    return ()


@cache
def evidence_fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """The fields of a type that are evidence themselves (``True``), or hold values with such fields."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((name, hints[name] == Evidence) for name in kind.__struct_fields__ if _holds_evidence(hints[name]))


def _holds_evidence(hint: Any) -> bool:
    if hint == Evidence:
        return True
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return bool(evidence_fields(hint))
    return any(_holds_evidence(each) for each in get_args(hint))


def _numbered(digests: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((str(index), digest) for index, digest in enumerate(digests))
