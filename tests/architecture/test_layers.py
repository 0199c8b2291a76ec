"""Imports run one way, and what decides neither reads nor writes nor asks the time."""

import ast
import re
import subprocess
import sys

from tests.architecture.sources import ROOT, of_rooms, place, tree

OUTSIDE = frozenset(
    [
        "asyncio",
        "concurrent",
        "ftplib",
        "http",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "random",
        "secrets",
        "select",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid1",
    ]
)
"""Modules of the standard library that know a clock, a disk, a wire or chance."""
ASKS = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|uuid[14]|open|print|input)\(")


def test_imports_run_one_way():
    """The contracts of ``pyproject.toml`` hold: services, then projections and infra, then domain."""
    checked = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "0 broken" in checked.stdout


def test_the_domain_imports_nothing_that_knows_the_outside():
    """A decision depends on its arguments alone."""
    wrong = [
        place(path, node.lineno)
        for path in of_rooms(".py", rooms=("domain",))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        if name.split(".")[0] in OUTSIDE
    ]
    assert not wrong


def test_the_domain_asks_neither_clock_nor_chance():
    """The instant and fresh randomness come in with the context."""
    wrong = [
        place(path, number)
        for path in of_rooms(".py", rooms=("domain",))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ASKS.search(line.split("#")[0])
    ]
    assert not wrong


def test_nouns_meet_by_id_in_reactions():
    """No aggregate imports another: what one causes on another is a reaction."""
    shared = {"catalogue", "reactions", "rules"}
    nouns = {
        path.parent.name if path.parent.name != "domain" else path.stem
        for path in of_rooms(".py", rooms=("domain",))
        if "Decider(" in path.read_text("utf-8") and "class Decider" not in path.read_text("utf-8")
    } - shared
    wrong = []
    for path in of_rooms(".py", rooms=("domain",)):
        parts = path.relative_to(ROOT / "domain").with_suffix("").parts
        if parts[0] not in nouns:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("domain."):
                other = (node.module or "").split(".")[1]
                if other in nouns - {parts[0]}:
                    wrong.append(place(path, node.lineno))
    assert not wrong
