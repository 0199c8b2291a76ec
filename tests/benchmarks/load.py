"""A bare HTTP/1.1 load generator: prepared requests over kept-alive loopback connections, as fast as they are answered.

It runs in a process of its own (`generate`), which reads an `Order` and writes a `Load`, so that what it costs is not
counted to anybody it measures.
"""

import asyncio
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import cast
from uuid import uuid4

import msgspec
import uvloop

from tests.benchmarks.rounds import percentile

KEY = b"{thirty-two characters, each new}"[:32]
"""Stands in a prepared request where each sending is to have another idempotency key."""


class Order(msgspec.Struct, frozen=True):
    """What to send: requests in turn, over so many connections, for so long."""

    port: int
    connections: int
    seconds: float
    requests: list[bytes]


class Load(msgspec.Struct, frozen=True):
    """What a load run saw. Times in seconds."""

    answers: int
    seconds: float
    statuses: dict[int, int]
    p50_s: float
    p99_s: float
    cpu_s: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


class _Connection(asyncio.Protocol):
    """One connection that sends the next request when the last one is answered."""

    def __init__(self, next_request: Callable[[], bytes | None], done: Callable[[], None]) -> None:
        self._next = next_request
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0
        self.statuses: dict[int, int] = {}
        self.latencies: list[float] = []
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one by duck type alone
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        self._done()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = 0
        for line in head.split(b"\r\n")[1:]:
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if len(rest) < length:
            return
        self.latencies.append(time.perf_counter() - self._sent_at)
        status = int(head[9:12])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._buffer = rest[length:]
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        request = self._next()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def post(path: str, body: bytes, **headers: str) -> bytes:
    """A prepared POST; underscores in header names become hyphens."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def generate(order: Order) -> Load:
    """Have a process of its own send what is ordered."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    answer, _ = await process.communicate(msgspec.json.encode(order))
    if process.returncode != 0:
        raise RuntimeError(f"the load generator ended with {process.returncode}")
    return msgspec.json.decode(answer, type=Load)


async def _run(order: Order) -> Load:
    loop = asyncio.get_running_loop()
    started = loop.time()
    finished = asyncio.Event()
    open_ones = order.connections
    keys = _keyed(order.requests)

    def next_request() -> bytes | None:
        return next(keys) if loop.time() - started < order.seconds else None

    def done() -> None:
        nonlocal open_ones
        open_ones -= 1
        if open_ones == 0:
            finished.set()

    protocols = [
        (await loop.create_connection(lambda: _Connection(next_request, done), "127.0.0.1", order.port))[1]
        for _ in range(order.connections)
    ]
    await finished.wait()
    took = loop.time() - started
    statuses: dict[int, int] = {}
    for protocol in protocols:
        for status, count in protocol.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    latencies = sorted(latency for protocol in protocols for latency in protocol.latencies)
    spent = sum(os.times()[:2])
    return Load(len(latencies), took, statuses, percentile(latencies, 0.5), percentile(latencies, 0.99), spent)


def _keyed(requests: list[bytes]) -> Iterator[bytes]:
    first = uuid4().hex[:16]
    for number, request in enumerate(itertools.cycle(requests)):
        yield request.replace(KEY, f"{first}{number:016x}".encode())


if __name__ == "__main__":
    sys.stdout.buffer.write(
        msgspec.json.encode(uvloop.run(_run(msgspec.json.decode(sys.stdin.buffer.read(), type=Order))))
    )
