"""Where the contents of files are kept: a folder, or a bucket that speaks S3. Each key leads with its tenant.

A content is addressed by the SHA-256 of its bytes, so putting it twice changes nothing.
"""

import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit
from uuid import UUID

import msgspec
import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

CHUNK_BYTES = 256 * 1024
CONNECT_TIMEOUT_S = 5
TIMEOUT_S = 60
RETRIES = 3


class BlobsUnavailable(Exception):  # noqa: N818 - an answer to the client, 503
    """The store did not answer, or is not set up; the message is for operators."""


class BlobMissing(LookupError):  # noqa: N818 - the field's word
    """The store has no such content."""


class S3Access(msgspec.Struct, frozen=True, kw_only=True):
    """How a bucket is reached. Without ``endpoint`` it is Amazon's own; without keys the environment's identity."""

    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None


class Blobs:
    """The contents of every tenant. ``folder`` is where they lie, if they lie on this machine."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, url: str, access: S3Access | None = None) -> "Blobs":
        """The store at ``file:///folder`` or ``s3://bucket/prefix``. Raises ``ValueError`` for any other."""
        parts = urlsplit(url)
        if parts.scheme == "file" and parts.path.startswith("/"):
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return cls(LocalStore(folder), folder)
        if parts.scheme == "s3" and parts.netloc:
            return cls(_bucket(parts.netloc, parts.path.strip("/"), access or S3Access()))
        raise ValueError(f"files are kept at file:///folder or s3://bucket/prefix, not at {url!r}")

    async def put(self, tenant: UUID, digest: str, content: IO[bytes] | bytes, day: date) -> None:
        """Put a content, whole or not at all. Raises `BlobsUnavailable`.

        A folder's file is dated by the day alone, as what belongs to an anonymous report has no hour.
        """
        key = _key(tenant, digest)
        try:
            # in one piece, so that a broken-off upload leaves no parts behind in a bucket
            await obstore.put_async(self._store, key, content, use_multipart=False)
        except (BaseError, OSError) as error:
            raise BlobsUnavailable(_told(error)) from error
        if self._folder is not None:
            stamp = datetime.combine(day, time.min, UTC).timestamp()
            os.utime(self._folder / key, (stamp, stamp))

    async def read(self, tenant: UUID, digest: str) -> AsyncIterator[bytes]:
        """The content in pieces. Raises `BlobMissing` and `BlobsUnavailable` before the first one."""
        try:
            found = await obstore.get_async(self._store, _key(tenant, digest))
        except (NotFoundError, FileNotFoundError):
            raise BlobMissing(digest) from None
        except (BaseError, OSError) as error:
            raise BlobsUnavailable(_told(error)) from error
        return _pieces(found.stream(min_chunk_size=CHUNK_BYTES))

    async def sound(self, tenant: UUID, digest: str) -> bool:
        """Whether the content is there and still is what its digest says. Raises `BlobsUnavailable`."""
        hashed = hashlib.sha256()
        try:
            async for piece in await self.read(tenant, digest):
                hashed.update(piece)
        except BlobMissing:
            return False
        return hashed.hexdigest() == digest

    async def delete(self, tenant: UUID, digest: str) -> None:
        """Delete a content, if it is there. Raises `BlobsUnavailable`."""
        try:
            await obstore.delete_async(self._store, _key(tenant, digest))
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise BlobsUnavailable(_told(error)) from error

    def sweep(self, tenant: UUID, before: datetime) -> int:
        """Delete what broken-off writes left in a folder before an instant; how many. A bucket keeps none."""
        swept = 0
        if self._folder is not None:
            for path in (self._folder / str(tenant)).glob("*#*"):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink(missing_ok=True)
                    swept += 1
        return swept


def _key(tenant: UUID, digest: str) -> str:
    return f"{tenant}/{digest}"


def _bucket(bucket: str, prefix: str, access: S3Access) -> S3Store:
    given = {
        "endpoint": access.endpoint,
        "region": access.region or "us-east-1",
        "access_key_id": access.access_key,
        "secret_access_key": access.secret_key,
    }
    return S3Store(
        bucket,
        prefix=prefix or None,
        config={name: value for name, value in given.items() if value},  # type: ignore[arg-type]
        client_options={
            "allow_http": (access.endpoint or "").startswith("http://"),
            "connect_timeout": f"{CONNECT_TIMEOUT_S}s",
            "timeout": f"{TIMEOUT_S}s",
        },
        retry_config={"max_retries": RETRIES},
    )


async def _pieces(stream: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    try:
        async for piece in stream:
            yield bytes(piece)
    except (BaseError, OSError) as error:
        raise BlobsUnavailable(_told(error)) from error


def _told(error: Exception) -> str:
    """The first line of an error; what follows may quote a whole answer of the store."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"
