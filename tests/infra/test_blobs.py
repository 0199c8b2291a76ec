"""The contents of files, in a folder and in a bucket of a real S3 server: put, read, checked, deleted, kept apart."""

import hashlib
import io
import os
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from infra.blobs import BlobMissing, Blobs, BlobsUnavailable, S3Access
from tests.buckets import bucket

DAY = date(2026, 3, 2)
BIG = os.urandom(6 * 1024 * 1024)


@pytest.fixture(scope="module")
def bucket_at():
    """A bucket for the tests of this module."""
    with bucket() as made:
        yield made


@pytest.fixture(params=["folder", "bucket"])
def blobs(request, tmp_path):
    """A store of each kind."""
    if request.param == "folder":
        return Blobs.open(tmp_path.as_uri())
    made = request.getfixturevalue("bucket_at")
    return Blobs.open(made.url, made.access)


def digest_of(content):
    """The SHA-256."""
    return hashlib.sha256(content).hexdigest()


async def whole(blobs, tenant, content):
    """A content as it is read back."""
    return b"".join([piece async for piece in await blobs.read(tenant, digest_of(content))])


@pytest.mark.parametrize("content", [b"x", BIG], ids=["small", "larger than a part"])
async def test_a_content_is_read_as_it_was_put(blobs, content):
    """From bytes and from a file, once and again."""
    tenant = uuid4()

    await blobs.put(tenant, digest_of(content), io.BytesIO(content), DAY)
    await blobs.put(tenant, digest_of(content), content, DAY)

    assert await whole(blobs, tenant, content) == content
    assert await blobs.sound(tenant, digest_of(content))


async def test_a_tenant_does_not_find_anothers_content(blobs):
    """The same digest under another tenant is not there."""
    tenant, content = uuid4(), b"mine"
    await blobs.put(tenant, digest_of(content), content, DAY)

    with pytest.raises(BlobMissing):
        await blobs.read(uuid4(), digest_of(content))


async def test_what_is_deleted_is_gone_and_deleting_again_does_nothing(blobs):
    """Gone, and not sound."""
    tenant, content = uuid4(), b"short-lived"
    await blobs.put(tenant, digest_of(content), content, DAY)

    await blobs.delete(tenant, digest_of(content))
    await blobs.delete(tenant, digest_of(content))

    assert not await blobs.sound(tenant, digest_of(content))
    with pytest.raises(BlobMissing):
        await blobs.read(tenant, digest_of(content))


async def test_a_content_that_changed_is_found_out(blobs):
    """What is stored under a digest that is not its own is not sound."""
    tenant = uuid4()
    await blobs.put(tenant, digest_of(b"right"), b"wrong", DAY)

    assert not await blobs.sound(tenant, digest_of(b"right"))


async def test_a_store_that_is_away_says_so():
    """A bucket that nobody serves is not the same as a content that is missing."""
    away = Blobs.open("s3://evidence", S3Access(endpoint="http://127.0.0.1:9", access_key="a", secret_key="b"))

    with pytest.raises(BlobsUnavailable):
        await away.put(uuid4(), digest_of(b"x"), b"x", DAY)
    with pytest.raises(BlobsUnavailable):
        await away.sound(uuid4(), digest_of(b"x"))


@pytest.mark.parametrize("url", ["", "files", "http://host/bucket", "file:relative", "s3:///nothing"])
def test_what_is_no_place_for_files_is_refused(url):
    """A setting that makes no sense is found out at the start."""
    with pytest.raises(ValueError, match="files are kept at"):
        Blobs.open(url)


async def test_a_folder_dates_files_by_the_day_alone(tmp_path):
    """The time of day at which a file came stands nowhere in its name or date."""
    blobs, tenant = Blobs.open(tmp_path.as_uri()), uuid4()
    await blobs.put(tenant, digest_of(b"x"), b"x", DAY)

    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.relative_to(tmp_path).as_posix() == f"{tenant}/{digest_of(b'x')}"
    assert path.stat().st_mtime == datetime(2026, 3, 2, tzinfo=UTC).timestamp()


async def test_what_a_broken_off_write_left_is_swept(tmp_path):
    """A half-written file goes after a while, a whole one stays."""
    blobs, tenant = Blobs.open(tmp_path.as_uri()), uuid4()
    await blobs.put(tenant, digest_of(b"x"), b"x", DAY)
    half = tmp_path / str(tenant) / f"{digest_of(b'y')}#1"
    half.write_bytes(b"half")

    assert blobs.sweep(tenant, datetime.fromtimestamp(half.stat().st_mtime - 1, UTC)) == 0
    assert blobs.sweep(tenant, datetime.fromtimestamp(half.stat().st_mtime + 1, UTC)) == 1
    assert not half.exists()
    assert await blobs.sound(tenant, digest_of(b"x"))
