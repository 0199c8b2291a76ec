"""Structured logs: one JSON object a line on standard error."""

import logging
import sys

import msgspec
import structlog

_ENCODER = msgspec.json.Encoder(enc_hook=repr)


def _line(event: object, **_: object) -> str:
    return _ENCODER.encode(event).decode()


def configure_logs(level: str) -> None:
    """Send our own events and the libraries' records to standard error as JSON."""
    threshold = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=logging.WARNING, format='{"level":"%(levelname)s","logger":"%(name)s","event":"%(message)s"}'
    )
