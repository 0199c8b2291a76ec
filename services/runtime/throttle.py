"""Throttles guessing at a login, alike for accounts that exist and for those that do not."""

import hashlib
from datetime import datetime, timedelta

from infra.database import Database

MAX_FAILURES = 5
LOCK_S = 900
FORGET_S = 900


class LoginThrottle:
    """Counts failures per organisation and username, in Postgres, so that a restart forgets nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def locked_for(self, organisation: str, username: str, now: datetime) -> int:
        """Seconds until the next attempt is admitted; 0 when it is now."""
        async with self._database.platform() as connection:
            until = await connection.fetchval(
                "select locked_until from login_failures where login_hash = $1", _login_hash(organisation, username)
            )
        return 0 if until is None else max(0, round((until - now).total_seconds() + 0.5))

    async def failed(self, organisation: str, username: str, now: datetime) -> None:
        """Count a failure; the fifth within a quarter of an hour locks the login for another."""
        async with self._database.platform() as connection:
            await connection.execute(
                "insert into login_failures as f (login_hash, failures, last_failed_at) values ($1, 1, $2)"
                " on conflict (login_hash) do update set last_failed_at = $2,"
                " failures = case when f.last_failed_at < $3 then 1 else f.failures + 1 end,"
                " locked_until = case when f.last_failed_at >= $3 and f.failures + 1 >= $4 then $5::timestamptz end",
                _login_hash(organisation, username),
                now,
                now - timedelta(seconds=FORGET_S),
                MAX_FAILURES,
                now + timedelta(seconds=LOCK_S),
            )

    async def succeeded(self, organisation: str, username: str) -> None:
        """Forget the failures of a login."""
        async with self._database.platform() as connection:
            await connection.execute(
                "delete from login_failures where login_hash = $1", _login_hash(organisation, username)
            )


def _login_hash(organisation: str, username: str) -> bytes:
    return hashlib.sha256(f"{organisation}\n{username}".encode()).digest()
