"""Writes the committed OpenAPI document, or checks that it is today's: ``python -m services.api.golden [--check]``."""

import sys
from pathlib import Path

from services.api.app import routes
from services.api.openapi import document, render
from services.api.requests import Desk
from services.settings import Settings

GOLDEN = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def current() -> bytes:
    """Today's document."""
    return render(document(routes(Desk(Settings(database_url="", redis_url="redis://127.0.0.1")))))


def main(arguments: list[str]) -> int:
    """Write or check; 1 when the committed document is not today's."""
    if "--check" not in arguments:
        GOLDEN.write_bytes(current())
        return 0
    if GOLDEN.exists() and GOLDEN.read_bytes() == current():
        return 0
    sys.stderr.write("docs/openapi.json is not today's surface: run `make openapi` and look at the difference\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
