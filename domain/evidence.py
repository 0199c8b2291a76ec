"""How commands and events name stored files: by the SHA-256 of their content, whoever stored them."""

from typing import Annotated

import msgspec

Digest = Annotated[str, msgspec.Meta(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$(?!\n)")]
"""A SHA-256 in lower-case hexadecimal."""
Evidence = Annotated[tuple[Digest, ...], msgspec.Meta(max_length=50)]
"""The files that something rests on (证据材料)."""
