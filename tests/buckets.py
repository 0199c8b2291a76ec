"""A real server that speaks S3, as a process of its own on a free port."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec

from infra.blobs import S3Access
from infra.embedded.processes import free_port

WITHIN_S = 60.0


class Bucket(msgspec.Struct, frozen=True):
    """An empty bucket: where it is, and how it is reached."""

    url: str
    access: S3Access


@contextmanager
def bucket(name: str = "evidence") -> Iterator[Bucket]:
    """A server with a bucket, ended by its process id."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "MOTO_S3_DEFAULT_MAX_KEYS": "1000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        give_up_at = time.monotonic() + WITHIN_S
        while True:
            try:
                httpx.put(f"{endpoint}/{name}", timeout=5).raise_for_status()
                break
            except httpx.TransportError:
                assert server.poll() is None, "the S3 server ended before it was ready"
                assert time.monotonic() < give_up_at, "the S3 server was not ready in time"
                time.sleep(0.1)
        access = S3Access(endpoint=endpoint, region="us-east-1", access_key="test", secret_key="test")
        yield Bucket(f"s3://{name}/kept", access)
    finally:
        server.kill()
        server.wait()
