"""What the style page promises and a machine can see: sizes, places, no foreign hosts, no left-over notes."""

import ast
import re

import pytest

from tests.architecture.sources import ROOT, functions, of_rooms, place, tracked, tree

FILE_LINES = 400
FUNCTION_LINES = 70
HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|proxy\.golang|crates\.io|rubygems\.org"
    r"|mirrors?\.(aliyun|tencent|huaweicloud|ustc|tuna)|pypi\.tuna|npmmirror|--(extra-)?index-url|--trusted-host"
)
"""Package registries: where packages come from is each installation's own setting."""
MACHINE = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+|mnt)/\w")
"""Directories of somebody's machine."""
NOTES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def text_files():
    """Every tracked file that is text, this one aside, which holds the patterns."""
    for path in tracked():
        if path.name == "test_style.py":
            continue
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def matching(pattern):
    """Where a pattern stands in the project's files."""
    return [
        place(path, number)
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_package_registry_is_named():
    """The project installs from wherever its user's tools are set to."""
    assert not matching(HOSTS)


def test_no_directory_of_a_machine_is_named():
    """What works here works in any directory of any machine."""
    assert not matching(MACHINE)


def test_no_note_is_left_over():
    """What is to be done is kept where it is planned, not in the files."""
    assert not matching(NOTES)


def test_files_are_short():
    """A file is one thing; one that outgrows 400 lines is split by meaning."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in of_rooms(".py", ".sql", ".html")
        if (lines := len(path.read_text("utf-8").splitlines())) > FILE_LINES
    }
    assert not long


def test_functions_fit_a_screen():
    """A function has at most 70 lines."""
    long = {
        f"{place(path, node.lineno)} {node.name}": node.end_lineno - node.lineno + 1
        for path in of_rooms(".py")
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    }
    assert not long


def test_nothing_is_swallowed():
    """No bare ``except``, and no catch of everything that does nothing about it."""
    wrong = [
        place(path, node.lineno)
        for path in of_rooms(".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node) and does_nothing(node)
    ]
    assert not wrong


def catches_everything(handler):
    """Whether a handler is bare, or names the class of all errors."""
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id.endswith("Exception"))


def does_nothing(handler):
    """Whether a handler is bare or has no body."""
    return handler.type is None or all(isinstance(statement, ast.Pass | ast.Continue) for statement in handler.body)


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        (HOSTS, "index = https://pypi" + ".org/simple", True),
        (HOSTS, "install it from PyPI", False),
        (MACHINE, "cd /work/" + "main", True),
        (MACHINE, "GET /v1/work/orders", False),
        (NOTES, "# TO" + "DO: later", True),
    ],
)
def test_the_patterns_tell_right_from_wrong(pattern, line, found):
    """Each scan finds what it is about and lets the rest be."""
    assert bool(pattern.search(line)) is found
