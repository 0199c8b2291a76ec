"""What a document says, laid out: the one shape that every kind is brought into, and from which every medium prints.

A kind keeps its contents as typed data and says how they are laid out; neither the page nor the PDF knows kinds.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.kernel import Text


class Contents(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What a document holds, frozen when it was drawn up. Each kind is a subclass whose tag is the kind's name."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody named in a document, by the name they had when it was drawn up; none for who is no member."""

    id: UUID
    name: str = ""

    @property
    def shown(self) -> str:
        """The name, or enough of the id to look it up by."""
        return self.name or f"（{str(self.id)[:8]}）"


class Row(msgspec.Struct, frozen=True):
    """A field: what it is, and its value."""

    label: Text
    value: str


class Citation(msgspec.Struct, frozen=True):
    """A field that holds the number of another document."""

    label: Text
    document: UUID


class Passage(msgspec.Struct, frozen=True):
    """A longer text under its heading."""

    heading: Text
    text: str


class Grid(msgspec.Struct, frozen=True):
    """A table under its heading; every line has a value for each column."""

    heading: Text
    columns: tuple[Text, ...]
    lines: tuple[tuple[str, ...], ...]


class Box(msgspec.Struct, frozen=True):
    """Where somebody signs; ``signed`` names who has done so in the system."""

    label: Text
    signed: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A document as it lies on paper, from above to below."""

    addressee: str = ""
    rows: tuple[Row, ...] = ()
    cited: tuple[Citation, ...] = ()
    grids: tuple[Grid, ...] = ()
    passages: tuple[Passage, ...] = ()
    statement: tuple[Text, ...] = ()
    """What the reader is told in our own words: rights, how to object, what is to be brought back."""
    boxes: tuple[Box, ...] = ()
    sealed: bool = True
    """Whether there is a place for the organisation's seal."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of document (文书种类). ``code`` is its word in the number, ``subject`` the noun it is about.

    Who may read the subject may read the document.
    """

    name: str
    code: str
    title: Text
    subject: str
    clause: str
    contents: type[Contents]
    sheet: Callable[[Any], Sheet]


def chinese_date(day: date) -> str:
    """A date as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def named(contents: Contents, people: Mapping[UUID, str]) -> Any:
    """The same contents with everybody under the name that they have now."""
    return _walk(contents, lambda person: Person(id=person.id, name=people.get(person.id, "")))


def _walk(value: Any, meet: Callable[[Person], Person]) -> Any:
    if isinstance(value, Person):
        return meet(value)
    if isinstance(value, msgspec.Struct):
        changes = {field: _walk(getattr(value, field), meet) for field in value.__struct_fields__}
        return msgspec.structs.replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(_walk(each, meet) for each in value)
    return value
