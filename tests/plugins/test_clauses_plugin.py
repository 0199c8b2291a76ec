"""The clause report counts what passed, tells what failed, and works with several workers."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SOME_TESTS = """
import pytest

@pytest.mark.clause("R14.3", "R14.4")
def test_shows_two(): pass

@pytest.mark.clause("R14.3")
@pytest.mark.parametrize("case", [1, 2])
def test_shows_one_twice(case): pass

@pytest.mark.clause("R0.7")
def test_of_another_regulation(): pass

def test_of_no_clause(): raise AssertionError("is not run")
"""
A_FAILING_TEST = """
@pytest.mark.clause("R14.4")
def test_fails(): raise AssertionError
"""


def report(directory: Path, tests: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest with the plugin over some tests."""
    module = directory / "test_sample.py"
    module.write_text(tests, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.plugins.clauses", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-c", "pyproject.toml", *arguments, str(module)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "2"])
def test_passing_tests_are_counted_per_clause(tmp_path, workers):
    """Each case of each marked test counts for each of its clauses, in one process and in several."""
    result = report(tmp_path, SOME_TESTS, "-n", workers)
    assert result.returncode == 0
    assert "  R14.3       3  月度汇总与调查截止" in result.stdout
    assert "  R14.4       1  考核小组与代表抽签" in result.stdout
    assert "R14    2/10 " in result.stdout
    assert "R0     1/7 " in result.stdout


def test_a_failing_test_uncovers_its_clause(tmp_path):
    """A clause with a failing test is not covered, and the run fails."""
    result = report(tmp_path, SOME_TESTS + A_FAILING_TEST)
    assert result.returncode == 1
    assert "(1 FAILING 未通过)" in result.stdout
    assert "R14    1/10 " in result.stdout


def test_one_regulation_may_be_chosen(tmp_path):
    """Other regulations are neither tested nor reported."""
    result = report(tmp_path, SOME_TESTS, "--clauses-only", "R0")
    assert result.returncode == 0
    assert "1 passed, 4 deselected" in result.stdout
    assert "R14" not in result.stdout


def test_a_regulation_without_tests_is_no_failure(tmp_path):
    """What is still to be built is reported with exit status 0."""
    result = report(tmp_path, SOME_TESTS, "--clauses-only", "R3")
    assert result.returncode == 0
    assert "R3     0/5 " in result.stdout
