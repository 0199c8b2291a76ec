"""HTTP to addresses that tenants name: never to the inside, never where an answer sends us.

A name is resolved once, every address it has is judged, and the connection is made to an address that was judged: a
name that means another address a moment later changes nothing. Redirects are answers like any other and not followed;
no proxy of the environment is asked. TLS is checked against the name.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

import httpcore
import msgspec

Policy = Literal["strict", "private"]
"""``strict``: https to public addresses alone. ``private``: http, and addresses within, too, for closed networks."""

SEND_S = 20.0
"""A whole request, from resolving the name to the end of the answer."""
CONNECT_S = 8.0
MAX_ANSWER_BYTES = 65_536
MAX_URL = 2_000
CONNECTIONS = 50

_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # relays into 6to4
        "2001::/23",  # protocol assignments, Teredo among them, which carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",  # documentation
    )
)


class AddressRefused(Exception):  # noqa: N818 - an answer
    """The address may not be reached from here; nothing was sent, and nothing will be."""


class NotSent(Exception):  # noqa: N818 - an answer
    """The request did not leave: trying again later doubles nothing."""


class NoAnswer(Exception):  # noqa: N818 - an answer
    """The request may have arrived, and no answer came back."""


class Answer(msgspec.Struct, frozen=True):
    """What came back, at most `MAX_ANSWER_BYTES` of it; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, and no disguise of another."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip.version == network.version and ip in network for network in _NOT_PUBLIC):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _PUBLIC_V6:
        return False  # mapped and translated IPv4, unique local, link-local, site-local, loopback, multicast
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_private or ip.is_loopback)


def host_of(url: str, policy: Policy) -> str:
    """The host of an address that may be configured. Raises `AddressRefused` with the reason."""
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or any(c in url for c in ' \\"<>'):
        raise AddressRefused("an address has at most 2000 visible ASCII characters")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise AddressRefused("this is no address") from None
    if parts.scheme != "https" and (policy == "strict" or parts.scheme != "http"):
        raise AddressRefused("the address must begin with https://")
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefused("the address must have a host, and neither a user nor a fragment")
    if policy == "strict" and _is_literal(host) and not is_public(host):
        raise AddressRefused("the address is not a public one")
    return host


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host and port. Raises `OSError` where there are none."""


async def system_resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _JudgedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, judges and connects; what httpcore connects by."""

    def __init__(self, policy: Policy, resolve: Resolve) -> None:
        self._policy = policy
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to one of the addresses of a host, once all of them are found to be allowed."""
        error: Exception = NotSent("the name has no address")
        for address in await self._addresses(host, port, timeout):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    async def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """Never."""
        raise AddressRefused(f"no socket is reached: {path}")

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int, limit_s: float | None) -> list[str]:
        try:
            async with asyncio.timeout(limit_s):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise NotSent("the name can not be resolved") from error
        if self._policy == "strict" and not all(map(is_public, addresses)):
            raise AddressRefused("the name leads to an address that is not public")
        return addresses


class Outbound:
    """Sends requests to addresses that tenants have named."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, policy: Policy) -> None:
        self._pool = pool
        self.policy = policy

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request. Raises `AddressRefused`, `NotSent` and `NoAnswer`."""
        host_of(url, self.policy)  # the setting may have become stricter since it was configured
        limits = {"connect": CONNECT_S, "read": SEND_S, "write": SEND_S, "pool": CONNECT_S}
        left = False
        try:
            async with asyncio.timeout(SEND_S):
                async with self._pool.stream(
                    "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": limits}
                ) as answer:
                    left = True
                    return Answer(
                        answer.status,
                        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers},
                        await _read(answer),
                    )
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as error:
            raise NotSent(f"no connection: {type(error).__name__}") from error
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
            raise AddressRefused("the address can not be spoken to") from error
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError, TimeoutError) as error:
            where = "in its answer" if left else "before it answered"
            raise NoAnswer(f"the connection broke off {where}: {type(error).__name__}") from error


async def _read(answer: httpcore.Response) -> bytes:
    """The body, as far as it is of interest."""
    read = bytearray()
    async for chunk in answer.aiter_stream():
        read += chunk
        if len(read) >= MAX_ANSWER_BYTES:
            break
    return bytes(read[:MAX_ANSWER_BYTES])


@asynccontextmanager
async def open_outbound(
    policy: Policy, ca_file: str | None = None, resolve: Resolve = system_resolve
) -> AsyncIterator[Outbound]:
    """Open the way out. ``ca_file`` adds certificate authorities of one's own to the system's."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    async with httpcore.AsyncConnectionPool(
        ssl_context=context,
        max_connections=CONNECTIONS,
        max_keepalive_connections=0,  # each request judges anew where it goes
        network_backend=_JudgedBackend(policy, resolve),
    ) as pool:
        yield Outbound(pool, policy)
