"""The key for secrets of an installation that was given none."""

import stat

from infra.sealing import Sealer
from services.up.running import KEY_FILE, own_key


def test_a_key_is_made_once_and_kept_from_others(tmp_path):
    """The next start finds the same, so that what was sealed still opens; only its user can read it."""
    key = own_key(tmp_path)
    assert Sealer(key)
    assert own_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
