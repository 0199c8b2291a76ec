"""Secrets at rest: opened where they belong, under any of the keys, and nowhere else."""

from uuid import uuid4

import pytest

from infra.sealing import CannotOpen, Sealer, new_key

TENANT, PLACE = uuid4(), uuid4()
SECRET = {"url": "https://open.feishu.cn/hook/very-secret", "secret": "s3cr3t"}


def test_what_is_sealed_opens_where_it_belongs():
    """And what is kept shows nothing of it."""
    sealer = Sealer(new_key())
    sealed = sealer.seal(TENANT, PLACE, SECRET)
    assert sealer.open(TENANT, PLACE, sealed) == SECRET
    assert "secret" not in sealed
    assert sealer.seal(TENANT, PLACE, SECRET) != sealed


def test_it_opens_nowhere_else():
    """Moved to another tenant or endpoint, changed, or under another key it is nothing."""
    sealer = Sealer(new_key())
    sealed = sealer.seal(TENANT, PLACE, SECRET)
    for opener, tenant, place, text in (
        (sealer, uuid4(), PLACE, sealed),
        (sealer, TENANT, uuid4(), sealed),
        (sealer, TENANT, PLACE, sealed[:-4] + "AAA="),
        (sealer, TENANT, PLACE, "nonsense"),
        (Sealer(new_key()), TENANT, PLACE, sealed),
        (Sealer(""), TENANT, PLACE, sealed),
    ):
        with pytest.raises(CannotOpen):
            opener.open(tenant, place, text)


def test_keys_rotate_without_a_gap():
    """A new key in front seals, the old one still opens; sealed again, the old one is needed no more."""
    old, new = new_key(), new_key()
    sealed = Sealer(old).seal(TENANT, PLACE, SECRET)
    both = Sealer(f"{new}, {old}")
    assert both.open(TENANT, PLACE, sealed) == SECRET
    again = both.again(sealed)
    assert Sealer(new).open(TENANT, PLACE, again) == SECRET
    with pytest.raises(CannotOpen):
        Sealer(new).again(sealed)


def test_without_a_key_nothing_is_sealed():
    """An installation without a key says so, and a key that is none is refused."""
    assert not Sealer("")
    with pytest.raises(CannotOpen):
        Sealer(" , ").seal(TENANT, PLACE, SECRET)
    with pytest.raises(ValueError, match="32 url-safe base64-encoded bytes"):
        Sealer("no key")
