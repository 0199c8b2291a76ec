"""The part of the story that is about stored files."""

from uuid import UUID

from domain.evidence_file import StoreFile, file_id
from tests.domain.story_service import SALES, lodged
from tests.domain.world import PEOPLE, TENANT

DIGEST = "7c" * 32
WITH_PICTURES = UUID(int=0xC5)


def files(world):
    """Two people store the same content, on which a complaint then rests."""
    command = StoreFile(digest=DIGEST, size=12_345, media_type="image/jpeg")
    for person in PEOPLE[:2]:
        world.send("evidence_file", file_id(TENANT, DIGEST), command, person=person)
    world.send("complaint", WITH_PICTURES, lodged(SALES, evidence=(DIGEST,)))
