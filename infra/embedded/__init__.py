"""A Postgres and a Valkey of our own, out of PyPI wheels, for `make run` and the tests.

Both run as children of this process, in the foreground, below a directory the caller names, on
loopback alone. They end with the context that started them and, on Linux, also when this process is
killed outright. Started as root they run as an unprivileged account (`infra.embedded.places`).
"""

from infra.embedded.postgres_server import PostgresServer, postgres
from infra.embedded.processes import EmbeddedServerError
from infra.embedded.valkey_server import ValkeyServer, valkey

__all__ = ["EmbeddedServerError", "PostgresServer", "ValkeyServer", "postgres", "valkey"]
