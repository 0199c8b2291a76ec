"""Group robots and webhooks: what each takes, how it is signed, what its answers mean."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from infra import webhooks
from infra.outbound import Answer
from infra.robots import ROBOTS, cut, dingtalk, feishu, verdict, wecom

NOW = datetime(2026, 3, 2, 1, 2, 3, 456_000, tzinfo=UTC)
SECRET = "SEC0123456789"


def test_wecom_takes_a_text_under_the_key_in_the_address():
    """Nothing else is asked for."""
    request = wecom("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "", "考核", NOW)
    assert request.url == "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"
    assert msgspec.json.decode(request.body) == {"msgtype": "text", "text": {"content": "考核"}}


def test_dingtalk_is_signed_in_the_address():
    """Milliseconds, and the HMAC of milliseconds and secret keyed by the secret, after what stands there."""
    request = dingtalk("https://oapi.dingtalk.com/robot/send?access_token=t", SECRET, "考核", NOW)
    asked = parse_qs(urlsplit(request.url).query)
    stamp = str(int(NOW.timestamp() * 1000))
    wanted = base64.b64encode(hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest())
    assert asked == {"access_token": ["t"], "timestamp": [stamp], "sign": [wanted.decode()]}
    assert msgspec.json.decode(request.body) == {"msgtype": "text", "text": {"content": "考核"}}
    assert "sign" not in dingtalk("https://x.example/send", "", "", NOW).url


def test_feishu_is_signed_in_the_body():
    """Seconds, and the HMAC of nothing keyed by seconds and secret."""
    body = msgspec.json.decode(feishu("https://open.feishu.cn/hook/1", SECRET, "考核", NOW).body)
    stamp = str(int(NOW.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{stamp}\n{SECRET}".encode(), digestmod=hashlib.sha256).digest()).decode()
    assert body == {"msg_type": "text", "content": {"text": "考核"}, "timestamp": stamp, "sign": wanted}
    assert "sign" not in msgspec.json.decode(feishu("https://x.example", "", "", NOW).body)


@pytest.mark.parametrize(
    ("kind", "status", "body", "meant"),
    [
        ("wecom", 200, b'{"errcode":0,"errmsg":"ok"}', (True, False)),
        ("wecom", 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', (False, True)),
        ("wecom", 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', (False, False)),
        ("dingtalk", 200, b'{"errcode":0}', (True, False)),
        ("dingtalk", 200, b'{"errcode":130101,"errmsg":"send too fast"}', (False, True)),
        ("dingtalk", 200, b'{"errcode":310000,"errmsg":"sign not match"}', (False, False)),
        ("feishu", 200, b'{"code":0,"msg":"success","data":{}}', (True, False)),
        ("feishu", 200, b'{"StatusCode":0,"StatusMessage":"success"}', (True, False)),
        ("feishu", 200, b'{"code":11232,"msg":"frequency limited"}', (False, True)),
        ("feishu", 200, b'{"code":19021,"msg":"sign match fail"}', (False, False)),
        ("feishu", 429, b"", (False, True)),
        ("feishu", 404, b"", (False, False)),
        ("feishu", 302, b"", (False, False)),
        ("feishu", 200, b"<html>", (False, False)),
        ("feishu", 200, b"[]", (False, False)),
        ("feishu", 502, b"", None),
    ],
)
def test_answers_are_read_as_the_platforms_mean_them(kind, status, body, meant):
    """Taken, to be tried again, never to be tried again; or open, which is never tried again by itself."""
    found = verdict(kind, Answer(status, {}, body))
    assert (None if found is None else (found.taken, found.again)) == meant


def test_a_text_is_cut_between_characters():
    """No half character at the end of what fits."""
    assert cut("考核" * 2, 12) == "考核考核"
    assert cut("考核考核考", 12) == "考核考…"
    for kind, make in ROBOTS.items():
        request = make("https://x.example", "", "核" * 20_000, NOW)
        assert len(request.body) < 20_000, kind


def test_a_webhook_verifies_with_the_reference_library():
    """Under its secret, for its id and its body; and not under another, nor with another body."""
    secret, body, now = webhooks.new_secret(), b'{"type":"notice.test"}', datetime.now(UTC)
    headers = webhooks.headers(secret, "9d0f", body, now)
    assert Webhook(secret).verify(body, headers) == {"type": "notice.test"}
    for other, sent in ((webhooks.new_secret(), body), (secret, body + b" ")):
        with pytest.raises(WebhookVerificationError):
            Webhook(other).verify(sent, headers)


@pytest.mark.parametrize(
    ("secret", "fits"),
    [
        pytest.param(webhooks.new_secret(), True, id="one of ours"),
        ("whsec_" + base64.b64encode(b"x" * 24).decode(), True),
        ("whsec_" + base64.b64encode(b"x" * 23).decode(), False),
        ("whsec_" + base64.b64encode(b"x" * 65).decode(), False),
        ("whsec_not base64!", False),
        (base64.b64encode(b"x" * 32).decode(), False),
        ("", False),
    ],
)
def test_secrets_of_webhooks_are_as_the_specification_wants_them(secret, fits):
    """24 to 64 bytes of base64 after the prefix."""
    assert webhooks.is_secret(secret) is fits
