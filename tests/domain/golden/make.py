"""Add a golden event for each tag that has none yet: ``python -m tests.domain.golden.make``.

A line once written stays as it is: it stands for the events that are stored somewhere and must be read for ever.
"""

from pathlib import Path

import msgspec

from domain import catalogue
from tests.domain.story import whole_year

PATH = Path(__file__).with_name("events.jsonl")


def lines():
    """The committed lines."""
    return PATH.read_bytes().splitlines() if PATH.exists() else []


def tag_in(line):
    """The tag a line was stored under."""
    return msgspec.json.decode(line)["type"]


def main():
    """Append the first event of each missing tag, in the order of the story."""
    kept = lines()
    known = {tag_in(line) for line in kept}
    for *_, event in whole_year().log:
        tag = catalogue.tag_of(type(event))
        if tag not in known:
            known.add(tag)
            kept.append(msgspec.json.encode(event, order="sorted"))
    PATH.write_bytes(b"\n".join(sorted(kept, key=tag_in)) + b"\n")


if __name__ == "__main__":
    main()
