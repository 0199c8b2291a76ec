"""Mail through the installation's SMTP server."""

import asyncio
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import msgspec

TIMEOUT_S = 20.0
WHOLE_S = 45.0
"""A whole conversation, well within the lease of a delivery."""
PORTS = {"smtp": 25, "smtps": 465}
PERMANENT = 500


class MailFailed(Exception):  # noqa: N818 - an answer
    """The server did not take it; ``again`` tells whether it may take it later."""

    def __init__(self, words: str, *, again: bool) -> None:
        super().__init__(words)
        self.again = again


class MailServer(msgspec.Struct, frozen=True):
    """``smtp://user:password@host:port`` or ``smtps://…``; for ``smtp``, ``?starttls=required`` insists on TLS."""

    host: str
    port: int
    implicit_tls: bool
    starttls: bool | None
    """Whether the connection is upgraded; none: if the server offers it."""
    username: str | None
    password: str | None


def server_of(url: str) -> MailServer:
    """The server of a URL. Raises `ValueError` for what is none."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("a mail server is named as smtp://host:port or smtps://host:port")
    asked = parse_qs(parts.query).get("starttls", ["auto"])[-1]
    if asked not in ("auto", "required", "no"):
        raise ValueError("starttls is auto, required or no")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        implicit_tls=parts.scheme == "smtps",
        starttls=False if parts.scheme == "smtps" else {"auto": None, "required": True, "no": False}[asked],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def message(  # noqa: PLR0913 - what a mail is made of
    *, sender: str, to: str, subject: str, text: str, message_id: str, now: datetime
) -> EmailMessage:
    """A mail of plain text, marked as sent by a machine. The id is the same each time it is sent."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail


async def send(server: MailServer, mail: EmailMessage) -> None:
    """Hand a mail to the server. Raises `MailFailed`."""
    try:
        async with asyncio.timeout(WHOLE_S):
            await aiosmtplib.send(
                mail,
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.implicit_tls,
                start_tls=server.starttls,
                timeout=TIMEOUT_S,
            )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refused.code for refused in error.recipients]
        raise MailFailed(f"the recipient was refused: {codes}", again=min(codes, default=0) < PERMANENT) from error
    except aiosmtplib.SMTPAuthenticationError as error:
        # a setting of the installation, which somebody mends
        raise MailFailed("the mail server refused our login", again=True) from error
    except aiosmtplib.SMTPResponseException as error:
        raise MailFailed(f"the mail server answered {error.code}", again=error.code < PERMANENT) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise MailFailed(f"the mail server could not be reached: {type(error).__name__}", again=True) from error
    except (ValueError, UnicodeError) as error:
        raise MailFailed("the mail can not be written", again=False) from error
