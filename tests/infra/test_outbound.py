"""The way out: over https to public addresses alone, to the one that was judged, never where an answer sends us."""

import pytest

from infra.embedded.processes import free_port
from infra.outbound import AddressRefused, NoAnswer, NotSent, host_of, is_public, open_outbound
from tests.receivers import authority, receiver

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "fd00::1",
    "ff02::1",
    "5f00::1",
    "no address",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_within_are_not_public(address):
    """Private, loopback, link-local, multicast, reserved and disguised ones alike."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are_public(address):
    """Both families."""
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https:///path",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https://exämple.org/",
        "https://example.org/\r\nX: y",
        "https://example.org\\@127.0.0.1/",
        "https://" + "a" * 2_000,
        "nonsense",
    ],
)
def test_an_address_that_must_not_be_configured_is_refused(url):
    """Another scheme, an inner address, a user, a fragment, what is no address."""
    with pytest.raises(AddressRefused):
        host_of(url, "strict")


def test_a_closed_network_may_allow_http_and_its_own_addresses():
    """By an explicit setting of the installation alone."""
    assert host_of("http://127.0.0.1:8080/hook", "private") == "127.0.0.1"
    assert host_of("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "strict") == "qyapi.weixin.qq.com"


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "017700000001"])
async def test_a_name_that_leads_within_is_refused_before_anything_is_sent(host, tmp_path):
    """However loopback is written: the address that it comes to is what counts."""
    async with receiver(authority(tmp_path).server) as inner, open_outbound("strict") as outbound:
        port = inner.url.rsplit(":", 1)[1]
        with pytest.raises(AddressRefused):
            await outbound.post(f"https://{host}:{port}", b"{}", {})
        assert inner.received == []


class Resolver:
    """Answers with one list after the other, the last for ever, and counts who was asked for."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def __call__(self, host, _):
        """The next answer."""
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize("inner", ["10.0.0.7", "::ffff:127.0.0.1", "fd00::7"])
async def test_a_name_with_one_inner_address_among_public_ones_is_refused(anyio_backend, inner):
    """A resolver that names both is not given the choice, nor a second chance."""
    resolver = Resolver(["8.8.8.8", inner])
    async with open_outbound("strict", resolve=resolver) as outbound:
        with pytest.raises(AddressRefused):
            await outbound.post("https://rebinding.example/", b"{}", {})
    assert resolver.asked == ["rebinding.example"]


async def test_the_connection_goes_to_the_address_that_was_judged(anyio_backend):
    """The name is asked for once; what it means a moment later is not looked at, but the next request judges anew."""
    port, resolver = free_port(), Resolver(["127.0.0.1"], ["127.0.0.2"])
    async with (
        receiver(port=port) as first,
        receiver(host="127.0.0.2", port=port) as second,
        open_outbound("private", resolve=resolver) as outbound,
    ):
        url = f"http://rebinding.example:{port}/hook"
        await outbound.post(url, b"1", {})
        assert (len(resolver.asked), len(first.received), len(second.received)) == (1, 1, 0)
        assert first.received[0].headers["host"] == f"rebinding.example:{port}"
        await outbound.post(url, b"2", {})
        assert (len(resolver.asked), len(first.received), len(second.received)) == (2, 1, 1)


async def test_a_name_that_turns_inward_is_refused_at_the_next_request(anyio_backend):
    """What was public when it was configured is judged at every connection."""
    resolver = Resolver(["192.168.0.9"])
    assert host_of("https://rebinding.example/", "strict") == "rebinding.example"
    async with open_outbound("strict", resolve=resolver) as outbound:
        with pytest.raises(AddressRefused):
            await outbound.post("https://rebinding.example/", b"{}", {})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_answer_and_not_followed(anyio_backend, status):
    """Wherever it leads: nothing is asked of the other server."""
    async with receiver() as first, receiver() as second, open_outbound("private") as outbound:
        first.answers = [(status, {"Location": second.url}, b"")]
        answer = await outbound.post(first.url, b"{}", {"X-Mine": "1"})
        assert (answer.status, second.received) == (status, [])
        assert first.received[0].headers["x-mine"] == "1"


async def test_tls_is_checked_against_the_name_and_the_authorities(anyio_backend, tmp_path):
    """A certificate that nobody vouches for is no connection; with the installation's own authority it is one."""
    known = authority(tmp_path)
    async with receiver(known.server) as there:
        async with open_outbound("private") as outbound:
            with pytest.raises(NotSent):
                await outbound.post(there.url, b"{}", {})
        async with open_outbound("private", str(known.file)) as outbound:
            assert (await outbound.post(there.url, b"{}", {})).status == 200
            with pytest.raises(NotSent):
                await outbound.post(there.url.replace("localhost", "127.0.0.2"), b"{}", {})
    assert len(there.received) == 1


async def test_what_did_not_leave_is_told_from_what_was_not_answered(anyio_backend, monkeypatch):
    """Only the first may be repeated where nobody would recognise the repetition."""
    monkeypatch.setattr("infra.outbound.SEND_S", 0.3)
    async with receiver() as there, open_outbound("private") as outbound:
        with pytest.raises(NotSent):
            await outbound.post("http://127.0.0.1:1/", b"{}", {})
        with pytest.raises(NotSent):
            await outbound.post("http://no-such-name.invalid/", b"{}", {})
        there.held.clear()
        with pytest.raises(NoAnswer):
            await outbound.post(there.url, b"{}", {})
        assert len(there.received) == 1


async def test_a_long_answer_is_read_to_its_bound(anyio_backend):
    """A receiver can't fill our memory."""
    async with receiver() as there, open_outbound("private") as outbound:
        there.answers = [(200, {}, b"x" * 3_000_000)]
        assert len((await outbound.post(there.url, b"{}", {})).body) == 65_536


async def test_no_proxy_of_the_environment_is_asked(anyio_backend, monkeypatch):
    """A proxy would be told an address that it judges by its own lights."""
    async with receiver() as there, receiver() as proxy, open_outbound("private") as outbound:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await outbound.post(there.url, b"{}", {})
        assert (len(there.received), proxy.received) == (1, [])
