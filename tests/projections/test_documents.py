"""The rows of documents: the same however the events come in, and what the documents themselves say."""

from functools import cache
from uuid import uuid4

from projections.documents import DocumentsAsked, by_code, documents, reference
from projections.taken_back import status_of
from tests.domain import story
from tests.projections.folding import contents, fold, placed


@cache
def told():
    """The world after the whole story."""
    return story.whole_year()


async def test_batches_of_any_size_leave_the_same_rows(database):
    """One event at a time, seven at a time or all at once."""
    events = placed(told().log)
    tenants = [uuid4() for _ in range(3)]
    for tenant, batch in zip(tenants, (1, 7, 100_000), strict=True):
        await fold(database, tenant, events, batch=batch)
    one, seven, whole = [await contents(database, tenant) for tenant in tenants]
    assert one == seven == whole


async def test_what_is_listed_is_what_the_documents_say(database):
    """Every document with a number, in the order of its issue, found by its code and by its subject."""
    world, tenant = told(), uuid4()
    await fold(database, tenant, placed(world.log))
    known = {stream: state for (noun, stream), state in world.states.items() if noun == "document"}
    async with database.tenant_transaction(tenant, read_only=True) as connection:
        listed = await documents(connection, tenant, DocumentsAsked(), 10_000)
        assert {each.document_id for each in listed} == {s for s, state in known.items() if state.number is not None}
        assert [each.position for each in listed] == sorted(each.position for each in listed)
        for each in listed:
            state = known[each.document_id]
            assert (each.kind, each.number, each.year, each.reference) == (
                state.kind,
                state.number,
                state.year,
                state.reference,
            )
            stands = status_of(state.status, each.taken_back)
            assert (each.status, each.digest, each.issued_on) == (stands, state.digest, state.issued_on)
            assert (each.replaces, each.replaced_by) == (state.replaces, state.replaced_by)
            assert (each.clause.id, each.subject_id) == (state.clause, state.subject_id)
            assert await by_code(connection, tenant, state.verification) == each
            assert await reference(connection, tenant, each.document_id) == state.reference
        assert {each.kind for each in listed if each.taken_back} == {"fee_notice", "fee_reminder"}
        some = listed[0]
        assert some in await documents(connection, tenant, DocumentsAsked(subject=some.subject_id), 100)
        assert await documents(connection, tenant, DocumentsAsked(kinds=()), 100) == []
        assert await by_code(connection, tenant, "0f" * 10) is None
        assert await by_code(connection, uuid4(), known[some.document_id].verification) is None
