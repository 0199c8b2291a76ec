"""One database for each module of these tests; they keep apart by tenant."""

from collections.abc import AsyncIterator

import pytest

from infra.database import Database
from tests.conftest import TestDatabase


@pytest.fixture
async def database(anyio_backend: object, module_database: TestDatabase) -> AsyncIterator[Database]:
    """The module's database, opened as the service opens it."""
    opened = await Database.open(module_database.url, size=3)
    yield opened
    await opened.close()
