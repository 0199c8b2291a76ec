"""The clauses that the service answers for, as data: ids, labels in our own words, and named readings.

Ids follow the source's numbering (``R14.2.3`` is regulation 14, part 二, item (三); ``R0`` is the preamble).
Tests, events and refusals carry them; views and printed documents show their labels.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import msgspec

from domain.kernel import Text

Language = Literal["zh", "en"]


class Clause(msgspec.Struct, frozen=True):
    """One clause (条款) of a regulation, e.g. ``R14.2.3``."""

    id: str
    label: Text


class ReadingOption(msgspec.Struct, frozen=True):
    """One way to read a clause; ``value`` is what the rule values and the events record."""

    value: str
    label: Text


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the source can be read in several ways, e.g. ``R14.2.3.trim``; the shipped option is the first.

    ``own`` marks a gap of the source rather than an ambiguity in it.
    """

    id: str
    label: Text
    options: tuple[ReadingOption, ...]
    own: bool = False

    @property
    def clause(self) -> str:
        """The clause it belongs to, or the regulation when it belongs to all of it (``R3.month``)."""
        return self.id.rpartition(".")[0]


class RegulationIndex(msgspec.Struct, frozen=True, kw_only=True):
    """One regulation (制度) with its clauses and readings, in the source's order."""

    id: str
    title: Text
    clauses: tuple[Clause, ...]
    readings: tuple[Reading, ...]


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """All regulations, and their clauses and readings by id."""

    regulations: Mapping[str, RegulationIndex]
    clauses: Mapping[str, Clause]
    readings: Mapping[str, Reading]

    def text(self, identifier: str) -> Text:
        """The label of a clause, a reading or a regulation; `KeyError` for an id that names none."""
        if identifier in self.clauses:
            return self.clauses[identifier].label
        if identifier in self.readings:
            return self.readings[identifier].label
        return self.regulations[identifier].title


@cache
def load() -> Registry:
    """The registry, read once from the data shipped with the package."""
    content = tomllib.loads(resources.files("domain").joinpath("clauses.toml").read_text(encoding="utf-8"))
    regulations = [_regulation(entry) for entry in content["regulations"]]
    return Registry(
        regulations={regulation.id: regulation for regulation in regulations},
        clauses={clause.id: clause for regulation in regulations for clause in regulation.clauses},
        readings={reading.id: reading for regulation in regulations for reading in regulation.readings},
    )


def label(identifier: str, language: Language) -> str:
    """The label of a clause, a reading or a regulation in a language; `KeyError` for an unknown id."""
    text = load().text(identifier)
    return text.zh if language == "zh" else text.en


def _regulation(entry: Mapping[str, Any]) -> RegulationIndex:
    return RegulationIndex(
        id=entry["id"],
        title=Text(zh=entry["zh"], en=entry["en"]),
        clauses=tuple(Clause(identifier, Text(zh=zh, en=en)) for identifier, zh, en in entry["clauses"]),
        readings=tuple(_reading(reading) for reading in entry.get("readings", ())),
    )


def _reading(entry: Mapping[str, Any]) -> Reading:
    return Reading(
        id=entry["id"],
        label=Text(zh=entry["zh"], en=entry["en"]),
        options=tuple(ReadingOption(value, Text(zh=zh, en=en)) for value, zh, en in entry["options"]),
        own=entry.get("own", False),
    )
