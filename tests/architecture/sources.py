"""The files of the project, as the architecture's tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "projections", "infra", "services")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps; without git, every file outside hidden and generated directories."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    else:
        generated = {"var", "build", "dist", "__pycache__"}
        paths = (
            path
            for path in ROOT.rglob("*")
            if not any(part.startswith(".") or part in generated for part in path.relative_to(ROOT).parts)
        )
    return tuple(path for path in paths if path.is_file())


def of_rooms(*suffixes: str, rooms: tuple[str, ...] = ROOMS) -> list[Path]:
    """The files of the product with these suffixes."""
    return [path for path in tracked() if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in rooms]


def tree(path: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, inner ones and methods included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a file that is no docstring, with its line; ``{}`` stands for what an f-string puts in."""
    parsed = tree(path)
    passed = {id(node.value) for node in ast.walk(parsed) if isinstance(node, ast.Expr)}
    for node in ast.walk(parsed):
        if isinstance(node, ast.JoinedStr):
            passed.update(id(part) for part in node.values)
            if id(node) not in passed:
                yield (
                    node.lineno,
                    "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values),
                )
    for node in ast.walk(parsed):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value


def place(path: Path, line: int) -> str:
    """Where something stands, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{line}"
