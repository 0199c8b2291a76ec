"""What is put on paper in the story: numbers set, a document corrected, one made void before it had its number."""

from uuid import UUID

from domain.document.messages import DrawDocument, VoidDocument
from domain.organisation.messages import SetNumbering
from domain.reactions.documents import complaint_form
from domain.reactions.drawing import document_id, drawing
from tests.domain import story_service as service
from tests.domain.world import TENANT

CORRECTION = UUID(int=0xD0C)


def number(world):
    """The organisation says how it numbers."""
    world.send("organisation", TENANT, SetNumbering(agency="示学", codes={"complaint_form": "诉字"}))


def corrected(world):
    """A complaint's form is printed anew in place of the first; a third is void."""
    first = document_id("complaint_form", service.COMPLAINT, 1)
    form = complaint_form(world.state("complaint", service.COMPLAINT))
    version = world.versions["complaint", service.COMPLAINT]
    command = drawing(form, service.COMPLAINT, version, replaces=first)
    assert isinstance(command, DrawDocument)
    world.send("document", CORRECTION, command)
    unfounded = document_id("complaint_form", service.UNFOUNDED, 1)
    world.send("document", unfounded, VoidDocument(reason="打印错误"), "system", None)
