"""Settings, from environment variables alone; every one has a default that suits a small installation."""

import os
from collections.abc import Mapping
from typing import Annotated

import msgspec

from infra.mail import server_of
from infra.outbound import Policy
from infra.sealing import Sealer
from services.files.sniffing import MEDIA_TYPES


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one program of the service runs. Times in seconds, sizes in bytes, rates per second."""

    database_url: str
    redis_url: str
    migrate_url: str | None = None
    """The owner's connection, for ``kaohe migrate`` alone."""
    public_url: str = "http://127.0.0.1:8800"
    """Where people reach the service; stands in ballot links."""
    pool_size: int = 10
    tenant_rate: float = 200.0
    tenant_burst: int = 400
    tenant_in_flight: int = 64
    login_rate: float = 5.0
    login_burst: int = 20
    max_body_bytes: int = 1_048_576
    max_import_bytes: int = 10_485_760
    files_url: str | None = None
    """Where evidence files are kept: ``file:///folder`` or ``s3://bucket/prefix``; without it none are taken."""
    files_endpoint: str | None = None
    files_region: str | None = None
    files_access_key: str | None = None
    files_secret_key: str | None = None
    max_file_bytes: int = 20_971_520
    file_types: str = ",".join(MEDIA_TYPES)
    """The media types that are taken, with commas between them; each must be one that we can tell by its content."""
    session_hours: int = 12
    access_log_days: Annotated[int, msgspec.Meta(ge=184)] = 1096
    """For how long it is known who read what; the database lets nothing go that is younger than half a year."""
    statement_timeout_ms: int = 15_000
    sweep_s: float = 5.0
    poll_s: float = 1.0
    worker_metrics_port: int = 0
    """Where a worker answers Prometheus on all interfaces; 0 leaves that out."""
    log_level: str = "info"
    secret_key: str = ""
    """Fernet keys separated by commas, under which secrets of tenants are kept; the first seals, all open."""
    smtp_url: str | None = None
    """Where mail is handed in: ``smtp://user:password@host:587?starttls=required`` or ``smtps://…``."""
    mail_from: str = "kaohe@localhost"
    outbound: Policy = "strict"
    """Where webhooks and robots may be: ``strict``, https at public addresses; ``private``, anywhere."""
    outbound_ca: str | None = None
    """A file of certificate authorities of one's own that webhooks are trusted by, besides the system's."""

    @property
    def allowed_types(self) -> frozenset[str]:
        """The media types that are taken."""
        return frozenset(one.strip() for one in self.file_types.split(",") if one.strip())


ENVIRONMENT = {
    "database_url": "KAOHE_DATABASE_URL",
    "redis_url": "KAOHE_REDIS_URL",
    "migrate_url": "KAOHE_MIGRATE_URL",
    "public_url": "KAOHE_PUBLIC_URL",
    "pool_size": "KAOHE_POOL_SIZE",
    "tenant_rate": "KAOHE_TENANT_RATE",
    "tenant_burst": "KAOHE_TENANT_BURST",
    "tenant_in_flight": "KAOHE_TENANT_IN_FLIGHT",
    "login_rate": "KAOHE_LOGIN_RATE",
    "login_burst": "KAOHE_LOGIN_BURST",
    "max_body_bytes": "KAOHE_MAX_BODY_BYTES",
    "max_import_bytes": "KAOHE_MAX_IMPORT_BYTES",
    "files_url": "KAOHE_FILES_URL",
    "files_endpoint": "KAOHE_FILES_ENDPOINT",
    "files_region": "KAOHE_FILES_REGION",
    "files_access_key": "KAOHE_FILES_ACCESS_KEY",
    "files_secret_key": "KAOHE_FILES_SECRET_KEY",
    "max_file_bytes": "KAOHE_MAX_FILE_BYTES",
    "file_types": "KAOHE_FILE_TYPES",
    "session_hours": "KAOHE_SESSION_HOURS",
    "access_log_days": "KAOHE_ACCESS_LOG_DAYS",
    "statement_timeout_ms": "KAOHE_STATEMENT_TIMEOUT_MS",
    "sweep_s": "KAOHE_SWEEP_S",
    "poll_s": "KAOHE_POLL_S",
    "worker_metrics_port": "KAOHE_WORKER_METRICS_PORT",
    "log_level": "KAOHE_LOG_LEVEL",
    "secret_key": "KAOHE_SECRET_KEY",
    "smtp_url": "KAOHE_SMTP_URL",
    "mail_from": "KAOHE_MAIL_FROM",
    "outbound": "KAOHE_OUTBOUND",
    "outbound_ca": "KAOHE_OUTBOUND_CA",
}
"""Field → environment variable."""


class SettingsError(Exception):
    """A setting is missing or makes no sense; the message names the variable and what to do."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process. Raises `SettingsError`."""
    given = {field: environment[name] for field, name in ENVIRONMENT.items() if environment.get(name)}
    for field in ("database_url", "redis_url"):
        if field not in given:
            raise SettingsError(f"set {ENVIRONMENT[field]}, or run `kaohe up` for embedded servers")
    try:
        settings = msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"a KAOHE_* variable makes no sense: {error}") from error
    _check_ways_out(settings)
    return settings


def _check_ways_out(settings: Settings) -> None:
    """Refuse keys and servers that are none; the values themselves, being secret, stand in no message."""
    try:
        Sealer(settings.secret_key)
    except ValueError:
        raise SettingsError(
            "KAOHE_SECRET_KEY takes Fernet keys, separated by commas; `kaohe notices key` makes one"
        ) from None
    try:
        if settings.smtp_url:
            server_of(settings.smtp_url)
    except ValueError as error:
        raise SettingsError(f"KAOHE_SMTP_URL makes no sense: {error}") from None


def to_environment(settings: Settings) -> dict[str, str]:
    """The environment that gives a child process the same settings."""
    values = msgspec.structs.asdict(settings)
    return {name: str(values[field]) for field, name in ENVIRONMENT.items() if values[field] is not None}
