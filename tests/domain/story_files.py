"""The parts of the story that are about stored files, and about a name left under seal."""

from uuid import UUID

from domain.evidence_file import StoreFile, file_id
from domain.sealed_identity import OpenIdentity, SealIdentity, identity_id
from tests.domain.story_service import ANONYMOUS, CLERK, SALES, lodged
from tests.domain.world import PEOPLE, TENANT

DIGEST = "7c" * 32
WITH_PICTURES = UUID(int=0xC5)


def files(world):
    """Two people store the same content, on which a complaint then rests."""
    command = StoreFile(digest=DIGEST, size=12_345, media_type="image/jpeg")
    for person in PEOPLE[:2]:
        world.send("evidence_file", file_id(TENANT, DIGEST), command, person=person)
    world.send("complaint", WITH_PICTURES, lodged(SALES, evidence=(DIGEST,)))


def identities(world):
    """The anonymous complainant leaves a name; a custodian opens the seal, and the name is left anew."""
    stream = identity_id(ANONYMOUS)
    for number in range(2):
        seal = SealIdentity(report_id=ANONYMOUS, report_noun="complaint", sealed=f"gAAAAA-{number}")
        world.send("sealed_identity", stream, seal, "reporter", None)
    world.send("sealed_identity", stream, OpenIdentity(reason="核实证言", barred=(CLERK,)), person=PEOPLE[2])
