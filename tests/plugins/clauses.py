"""A pytest plugin that reports which clauses of the regulations have passing tests.

``python -m pytest -p tests.plugins.clauses [--clauses-only R14] [-n 2]`` runs the tests that carry a clause
mark and prints, per regulation, each clause with its labels and the number of tests that show it. The exit
status is that of the tests: an uncovered clause is news, not a failure.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from domain.clauses import RegulationIndex, load

PROPERTY = "clauses"
"""Under this name the marks travel in a test's report, so that they also arrive from xdist's workers."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the choice of regulations."""
    parser.addoption(
        "--clauses-only",
        action="append",
        metavar="REGULATION",
        choices=list(load().regulations),
        help="report (and test) this regulation only, e.g. R14; may be given more than once",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Count outcomes where the reports arrive: in the one process that shows them."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ClauseReport(chosen(config)), "clause-report")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that show a clause of the chosen regulations, and note their clauses on them."""
    wanted = tuple(f"{regulation.id}." for regulation in chosen(config))
    kept, left = [], []
    for item in items:
        clauses = sorted({clause for mark in item.iter_markers("clause") for clause in mark.args})
        item.user_properties.append((PROPERTY, clauses))
        (kept if any(clause.startswith(wanted) for clause in clauses) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A regulation without any test yet is reported, not failed."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def chosen(config: pytest.Config) -> tuple[RegulationIndex, ...]:
    """The regulations to report: those named on the command line, or all."""
    named = config.getoption("--clauses-only")
    return tuple(regulation for regulation in load().regulations.values() if not named or regulation.id in named)


class ClauseReport:
    """Passed and failed tests per clause, told at the end of the run."""

    def __init__(self, regulations: tuple[RegulationIndex, ...]) -> None:
        self.regulations = regulations
        self.passed: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: as passed by its body, or as failed wherever it failed."""
        clauses = next((value for name, value in report.user_properties if name == PROPERTY), ())
        if report.failed:
            self.failed.update(clauses)
        elif report.passed and report.when == "call":
            self.passed.update(clauses)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print every regulation, then one line for each."""
        terminalreporter.section("clauses 条款")
        for regulation in self.regulations:
            for line in self.details(regulation):
                terminalreporter.write_line(line)
        terminalreporter.section("covered 覆盖")
        for regulation in self.regulations:
            terminalreporter.write_line(self.summary(regulation))

    def covered(self, clause: str) -> bool:
        """Whether a clause has passing tests and no failing one."""
        return self.passed[clause] > 0 and self.failed[clause] == 0

    def details(self, regulation: RegulationIndex) -> Iterator[str]:
        """The lines of one regulation: its title and every clause."""
        yield f"{regulation.id}  {regulation.title.zh} · {regulation.title.en}"
        width = max(len(clause.id) for clause in regulation.clauses)
        for clause in regulation.clauses:
            count = f"{self.passed[clause.id]:5d}" if self.passed[clause.id] else "    –"
            failing = f"  ({self.failed[clause.id]} FAILING 未通过)" if self.failed[clause.id] else ""
            yield f"  {clause.id:{width}} {count}  {clause.label.zh} · {clause.label.en}{failing}"
        yield ""

    def summary(self, regulation: RegulationIndex) -> str:
        """One regulation in a line: covered of total, and what is missing."""
        missing = [clause.id for clause in regulation.clauses if not self.covered(clause.id)]
        total = len(regulation.clauses)
        line = f"{regulation.id:4} {total - len(missing):3d}/{total:<3d} {regulation.title.zh}"
        return f"{line}  uncovered 未覆盖: {' '.join(missing)}" if 0 < len(missing) < total else line
