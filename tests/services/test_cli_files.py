"""`kaohe doctor` on stored files: all there, one missing, one changed, the store not set or away."""

import asyncio
import hashlib
import io
from pathlib import Path
from uuid import UUID

import pytest

from domain.kernel import Actor
from services.cli.common import tenant_id
from services.files.receiving import Received
from services.files.storing import store
from services.runtime.config import TenantConfig
from services.runtime.principal import Principal
from services.runtime.runtime import open_runtime
from services.settings import Settings
from services.up import settings_for
from services.up.house import Servers
from tests.conftest import TestDatabase
from tests.services.test_cli import Kaohe, kaohe, tenant

__all__ = ["kaohe", "tenant"]
CONTENT = b"minutes of the meeting"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
MEMBER = UUID(int=5)


async def _storer(_: TenantConfig) -> Principal:
    permissions = frozenset({"evidence_file.store_file"})
    return Principal(id=MEMBER, actor=Actor(kind="member", id=MEMBER), permissions=permissions)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The folder of the files."""
    return tmp_path / "files"


@pytest.fixture
def kept(fresh_database: TestDatabase, valkey_url: str, tenant: str, files: Path) -> Path:
    """A stored file; where its content lies."""
    settings = Settings(database_url=fresh_database.url, redis_url=valkey_url, files_url=files.as_uri())

    async def keep() -> Path:
        async with open_runtime(settings) as runtime:
            known = await tenant_id(runtime.database, tenant)
            await store(runtime, known, Received(io.BytesIO(CONTENT), DIGEST, len(CONTENT), "text/plain"), _storer)
            return files / str(known) / DIGEST

    return asyncio.run(keep())


def _checked(kaohe: Kaohe, files: str) -> str:
    """What the doctor says of files; it may find a worker missing, which this test has none of."""
    output = kaohe("doctor", KAOHE_FILES_URL=files).output
    return " ".join(line for line in output.splitlines() if "file" in line or "KAOHE_FILES_URL" in line)


def test_the_doctor_reads_a_sample_of_the_files(kaohe: Kaohe, kept: Path, files: Path) -> None:
    """What is there and unchanged is nothing to tell; what is changed or gone is named by its digest."""
    sound = _checked(kaohe, files.as_uri())
    kept.write_bytes(CONTENT + b"!")
    changed = _checked(kaohe, files.as_uri())
    kept.unlink()
    missing = _checked(kaohe, files.as_uri())

    assert sound == ""
    assert DIGEST in changed
    assert DIGEST in missing


def test_the_doctor_finds_that_the_store_is_not_set_or_away(kaohe: Kaohe, kept: Path) -> None:
    """Files that are stored somewhere nobody knows of any more, and a bucket that does not answer."""
    assert "KAOHE_FILES_URL is not set" in _checked(kaohe, "")
    away = kaohe("doctor", KAOHE_FILES_URL="s3://gone", KAOHE_FILES_ENDPOINT="http://127.0.0.1:9")
    assert "does not answer" in away.output
    assert away.exit_code == 1


def test_everything_in_one_terminal_keeps_files_below_its_directory(tmp_path: Path) -> None:
    """`kaohe up` sets the place of files, unless the environment names another."""
    servers = Servers(
        "postgresql://owner@localhost/kaohe", "postgresql://kaohe@localhost/kaohe", "redis://localhost", None
    )

    assert settings_for(servers, "http://127.0.0.1:8800", tmp_path).files_url == (tmp_path / "files").as_uri()
