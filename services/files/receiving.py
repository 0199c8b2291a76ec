"""Receives a content in pieces: counted, hashed, and kept aside until it is known what it is."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

import msgspec

from domain.kernel import Text
from services.api.problems import Problem
from services.files.sniffing import media_type_of

IN_MEMORY_BYTES = 1_048_576
"""What is larger waits in a temporary file that has no name."""
WRITE_BYTES = 262_144


class Received(msgspec.Struct, frozen=True):
    """A content at hand, from its beginning; its SHA-256, its size in bytes and what it is."""

    content: IO[bytes]
    digest: str
    size: int
    media_type: str


@asynccontextmanager
async def received(pieces: AsyncIterator[bytes], *, most: int, allowed: frozenset[str]) -> AsyncIterator[Received]:
    """Receive a content, to be used within the block.

    Raises `Problem` 413 as soon as there is more than ``most``, 422 for nothing, 415 for what is not ``allowed``.
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as content:
        hashed, size = hashlib.sha256(), 0
        waiting: list[bytes] = []
        held = 0
        async for piece in pieces:
            size += len(piece)
            if size > most:
                raise too_large(most)
            hashed.update(piece)
            waiting.append(piece)
            held += len(piece)
            if held >= WRITE_BYTES:
                await asyncio.to_thread(content.writelines, waiting)
                waiting, held = [], 0
        await asyncio.to_thread(content.writelines, waiting)
        if size == 0:
            raise Problem(422, "file_empty", Text("文件是空的", "The file is empty."))
        media_type = await asyncio.to_thread(media_type_of, content)
        yield Received(content, hashed.hexdigest(), size, admitted_type(media_type, allowed))


def admitted_type(media_type: str | None, allowed: frozenset[str]) -> str:
    """A media type that is taken. Raises `Problem` 415."""
    if media_type is None or media_type not in allowed:
        raise Problem(
            415,
            "file_type_refused",
            Text("不接受这种文件", "Files of this kind are not taken; what a file is, its content says."),
            details={"found": media_type, "taken": sorted(allowed)},
        )
    return media_type


def too_large(most: int) -> Problem:
    """The answer to a file larger than may be."""
    return Problem(
        413,
        "file_too_large",
        Text(f"文件超过 {most} 字节", f"The file is larger than {most} bytes."),
        details={"most": most},
    )
