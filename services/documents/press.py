"""The press: PDFs compiled in threads of their own, few at a time, each kept for a while.

The same document gives the same bytes: the template takes its dates from the document and nothing from the machine.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from typing import Any

import typst
from pylopdf_fonts_zh_cn import sans_path

from infra.wire import canonical
from services.documents.paper import Paper

AT_ONCE = 2
WAITING = 32
TIMEOUT_S = 20.0
KEPT_BYTES = 32_000_000


class PressBusy(Exception):  # noqa: N818 - an answer to the client, 503
    """Too much waits to be compiled, or one paper took too long."""


class Press:
    """Compiles papers to PDF; one per process."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="press")
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        self._under_way = 0

    async def pdf(self, paper: Paper) -> bytes:
        """The PDF of a paper. Raises `PressBusy` when too much waits, or it takes too long."""
        key = hashlib.sha256(canonical(paper)).digest()
        if (known := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return known
        made = await self._set([paper])
        self._keep(key, made)
        return made

    async def run(self, papers: Sequence[Paper]) -> bytes:
        """One PDF of several papers, one after the other. Raises `PressBusy` as `pdf` does."""
        return await self._set(papers)

    async def _set(self, papers: Sequence[Paper]) -> bytes:
        if self._under_way >= WAITING:
            raise PressBusy
        self._under_way += 1
        work = asyncio.get_running_loop().run_in_executor(self._pool, compiled, *papers)
        work.add_done_callback(self._done)
        try:
            # a thread can not be stopped: it keeps its place in the press until it is done
            return await asyncio.wait_for(asyncio.shield(work), TIMEOUT_S)
        except TimeoutError:
            raise PressBusy from None

    def _done(self, work: "asyncio.Future[bytes]") -> None:
        self._under_way -= 1
        if not work.cancelled():
            work.exception()  # whoever waited was told; nobody may be waiting any more

    def _keep(self, key: bytes, made: bytes) -> None:
        if key not in self._kept:
            self._size += len(made)
        self._kept[key] = made
        while self._size > KEPT_BYTES:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped)


def compiled(*papers: Paper) -> bytes:
    """Compile papers, at least one, in the calling thread; the first of them dates the PDF."""
    source = resources.files("services.documents").joinpath("templates", "document.typ").read_bytes()
    made: Any = typst.compile(
        source,
        font_paths=_fonts(),
        sys_inputs={"papers": canonical(papers).decode()},
        timestamp=datetime.combine(papers[0].issued_on, time(), UTC),
        format="pdf",
    )
    return bytes(made)


@cache
def _fonts() -> Any:
    """Noto Sans and Serif SC alone, read once: what a machine has installed changes no document."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(sans_path().parent)])
