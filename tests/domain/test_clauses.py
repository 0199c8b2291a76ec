"""The clause registry: complete in form, and the only source of clause ids."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clauses import label, load
from domain.rules.registry import REGULATIONS

REPOSITORY = Path(__file__).parents[2]
CLAUSE = re.compile(r"R\d+(?:\.\d+)+")
READING = re.compile(r"R\d+(?:\.\d+)*\.[a-z][a-z0-9_]*")
CJK = re.compile(r"[\u4e00-\u9fff]")


def strings(path: Path) -> Iterator[str]:
    """Every string constant of a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def modules(*rooms: str) -> Iterator[Path]:
    """Every Python module of some rooms of the house."""
    for room in rooms:
        yield from sorted((REPOSITORY / room).rglob("*.py"))


def marks(path: Path) -> Iterator[str]:
    """Every clause id that the tests of a module are marked with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "clause":
            yield from (
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )


def test_sixteen_regulations_stand_in_order():
    """The preamble and the fifteen articles each have an entry with clauses."""
    registry = load()
    assert list(registry.regulations) == [f"R{number}" for number in range(16)]
    assert all(regulation.clauses for regulation in registry.regulations.values())


def test_each_id_is_well_formed_unique_and_of_its_regulation():
    """No clause or reading is listed twice, misspelt, or filed under another regulation."""
    for regulation in load().regulations.values():
        clauses = [clause.id for clause in regulation.clauses]
        readings = [reading.id for reading in regulation.readings]
        assert len(set(clauses + readings)) == len(clauses + readings)
        assert all(CLAUSE.fullmatch(found) for found in clauses)
        assert all(READING.fullmatch(found) for found in readings)
        assert all(found.startswith(f"{regulation.id}.") for found in clauses + readings)


def test_each_reading_belongs_to_a_clause_and_offers_a_choice():
    """A reading has at least two different options and hangs on a known clause or on its whole regulation."""
    registry = load()
    for reading in registry.readings.values():
        assert reading.clause in registry.clauses or reading.clause in registry.regulations
        values = [option.value for option in reading.options]
        assert len(set(values)) == len(values) >= 2


def test_labels_are_short_noun_phrases_in_both_languages():
    """A label names a clause; it does not quote it."""
    registry = load()
    for identifier in (*registry.regulations, *registry.clauses, *registry.readings):
        zh, en = label(identifier, "zh"), label(identifier, "en")
        assert CJK.search(zh), identifier
        assert len(zh) <= 24, identifier
        assert not zh.endswith("。"), identifier
        assert en, identifier
        assert not CJK.search(en), identifier
        assert len(en) <= 80, identifier


def test_an_unknown_id_has_no_label():
    """A misspelt id is an error, not an empty label."""
    with pytest.raises(KeyError):
        label("R14.9", "zh")


def test_every_marked_clause_is_registered():
    """A test claims only clauses that exist."""
    used = {(path.name, found) for path in modules("tests") for found in marks(path)}
    assert used
    assert {(name, found) for name, found in used if found not in load().clauses} == set()


def test_the_code_names_registered_clauses_only():
    """A clause or reading that a decision, a refusal or a view cites is in the registry."""
    registry = load()
    used = {
        (path.name, found)
        for path in modules("domain", "projections", "services", "infra")
        for found in strings(path)
        if CLAUSE.fullmatch(found) or READING.fullmatch(found)
    }
    assert ("r14.py", "R14.6") in used
    known = registry.clauses.keys() | registry.readings.keys()
    assert {(name, found) for name, found in used if found not in known} == set()


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=REGULATIONS)
def test_the_rule_values_offer_the_registered_readings(regulation):
    """Each reading of a regulation has the same options, in the same order, where rules are set and are listed."""
    offered = {
        field.reading: ([option.value for option in field.options], field.own)
        for field in regulation.fields()
        if field.reading is not None
    }
    listed = {
        reading.id: ([option.value for option in reading.options], reading.own)
        for reading in load().regulations[regulation.id].readings
    }
    assert offered == listed


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=REGULATIONS)
def test_the_shipped_values_take_the_first_option(regulation):
    """What a tenant adopts unread is what the registry lists first."""
    values = regulation.default_values()
    taken = {field.reading: getattr(values, field.name) for field in regulation.fields() if field.reading is not None}
    assert taken == {reading.id: reading.options[0].value for reading in load().regulations[regulation.id].readings}


@pytest.mark.parametrize("regulation", REGULATIONS.values(), ids=REGULATIONS)
def test_the_rule_values_name_registered_clauses(regulation):
    """Each value says in both languages what it is, under a clause of its regulation."""
    for field in regulation.fields():
        assert field.clause in load().clauses
        assert field.clause.startswith(f"{regulation.id}.")
        assert field.label.zh
        assert field.label.en
