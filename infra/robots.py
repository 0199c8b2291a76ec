"""Group robots: what WeCom, DingTalk and Feishu take, how they want it signed, and what their answers mean.

None of them can recognise a message that it was sent before.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from infra.outbound import Answer

WECOM_TEXT_BYTES = 2_048
TEXT_BYTES = 15_000
"""The others take about 20 000 bytes a request, the wrapping included."""


class Request(msgspec.Struct, frozen=True):
    """A message as one robot takes it."""

    url: str
    body: bytes


class Verdict(msgspec.Struct, frozen=True):
    """What an answer means: taken; or not taken, and whether it may be tried again."""

    taken: bool
    again: bool
    words: str


def wecom(url: str, secret: str, text: str, _: datetime) -> Request:
    """企业微信群机器人: the key in the address is all that is asked for."""
    del secret
    return Request(url, _json({"msgtype": "text", "text": {"content": cut(text, WECOM_TEXT_BYTES)}}))


def dingtalk(url: str, secret: str, text: str, now: datetime) -> Request:
    """钉钉自定义机器人: with 加签, milliseconds and an HMAC keyed by the secret stand in the address."""
    if secret:
        stamp = str(int(now.timestamp() * 1000))
        digest = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256)
        joint = "&" if urlsplit(url).query else "?"
        url = f"{url}{joint}timestamp={stamp}&sign={quote(base64.b64encode(digest), safe='')}"
    return Request(url, _json({"msgtype": "text", "text": {"content": cut(text, TEXT_BYTES)}}))


def feishu(url: str, secret: str, text: str, now: datetime) -> Request:
    """飞书自定义机器人: with 签名校验, seconds and an HMAC of nothing keyed by both stand in the body."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": cut(text, TEXT_BYTES)}}
    if secret:
        stamp = str(int(now.timestamp()))
        digest = hmac.digest(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256)
        body = {"timestamp": stamp, "sign": base64.b64encode(digest).decode(), **body}
    return Request(url, _json(body))


ROBOTS: Mapping[str, Callable[[str, str, str, datetime], Request]] = {
    "wecom": wecom,
    "dingtalk": dingtalk,
    "feishu": feishu,
}
_TRY_AGAIN: Mapping[str, frozenset[int]] = {
    "wecom": frozenset({-1, 45009}),
    "dingtalk": frozenset({-1, 90030, 130101, 130102, 410100}),
    "feishu": frozenset({11232, 11233}),
}
"""Codes that say: too fast, or too busy. With any other the robot will not take it later either."""


def verdict(kind: str, answer: Answer) -> Verdict | None:
    """What a robot's answer means; none where it leaves open whether the message was taken."""
    if answer.status == 429:  # noqa: PLR2004 - too many requests
        return Verdict(taken=False, again=True, words="HTTP 429")
    if answer.status >= 500:  # noqa: PLR2004 - whatever stands in between may say so after the robot has taken it
        return None
    if answer.status != 200:  # noqa: PLR2004 - a redirect, or no robot at all
        return Verdict(taken=False, again=False, words=f"HTTP {answer.status}")
    try:
        said = msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return Verdict(taken=False, again=False, words="the answer is not a robot's")
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    if code == 0:
        return Verdict(taken=True, again=False, words="")
    words = str(said.get("errmsg", said.get("msg", "")))[:120]
    return Verdict(taken=False, again=code in _TRY_AGAIN[kind], words=f"code {code}: {words}")


def cut(text: str, most_bytes: int) -> str:
    """The text, or as much of it as fits with an ellipsis, cut between characters."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"


def _json(value: dict[str, Any]) -> bytes:
    return msgspec.json.encode(value)
