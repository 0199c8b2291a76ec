"""The organisation as its papers name it: how it is called, how it numbers them, and what its people are called."""

import re
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec

PATTERN = "{agency}{code}〔{year}〕{number}号"
"""The usual form: agency, kind, year in its brackets, and a number that is not padded with zeros."""
_PLACE = re.compile(r"\{(agency|code|year|number)\}")

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[^\W\d_]+$(?!\n)")]
"""Letters alone: a digit beside the number would make two numbers look like one."""
Agency = Annotated[str, msgspec.Meta(max_length=20, pattern=r"^[^\W\d_]*$(?!\n)")]
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
KindName = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[a-z][a-z0-9_]*$(?!\n)")]


class Numbering(msgspec.Struct, frozen=True, kw_only=True):
    """How documents are numbered (文号). ``codes`` holds the words (字) of those kinds that differ from the shipped."""

    agency: str = ""
    """The organisation's own word (机关代字)."""
    pattern: str = PATTERN
    codes: dict[str, str] = msgspec.field(default_factory=dict)

    def reference(self, code: str, year: int, number: int) -> str:
        """The number as it is printed; ``code`` is the shipped word of the kind, or the tenant's own."""
        parts = {"agency": self.agency, "code": code, "year": str(year), "number": str(number)}
        return _PLACE.sub(lambda found: parts[found[1]], self.pattern)


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """Whose papers they are; ``people`` are the names of its members by id, ``departments`` where those work who do."""

    name: str = ""
    numbering: Numbering = Numbering()
    people: Mapping[UUID, str] = {}
    departments: Mapping[UUID, str] = {}


def fits(pattern: str) -> bool:
    """Whether a pattern tells every document from every other: kind, year and number once each, and no other brace."""
    places = _PLACE.findall(pattern)
    once = all(places.count(name) == 1 for name in ("code", "year", "number")) and places.count("agency") <= 1
    rest = _PLACE.sub("", pattern)
    return once and not re.search(r"[{}\d]", rest) and rest.isprintable()
