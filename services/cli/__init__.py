"""The command line ``kaohe``: what an operator does with the service at a terminal."""

from services.cli.root import cli

__all__ = ["cli", "main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    cli(prog_name="kaohe")
