"""The refusal that an organisation's commands share."""

from domain.kernel import Refusal
from domain.organisation.state import OrganisationState


def must_be_active(state: OrganisationState) -> None:
    """The organisation is not suspended."""
    if state.status != "active":
        raise Refusal("organisation_suspended", zh="该组织已停用", en="The organisation is suspended.")
