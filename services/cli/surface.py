"""``kaohe openapi``: the API's description."""

import sys
from pathlib import Path

import click

from services.api.golden import current


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def openapi(output: Path | None) -> None:
    """接口文档 · print the OpenAPI document of this version; needs no server."""
    document = current()
    if output is None:
        sys.stdout.buffer.write(document)
    else:
        output.write_bytes(document)
