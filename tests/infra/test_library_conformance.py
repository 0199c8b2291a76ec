"""The `eventsourcing` library's own test cases, run on our store.

Each class is one of the library's; its tests are inherited. The bodies here only say what of ours is tested.
"""
# ruff: noqa: D102 - the methods are documented where their names come from

import os
from collections.abc import Iterator
from typing import ClassVar
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import InfrastructureFactory, Tracking
from eventsourcing.tests import application as application_cases
from eventsourcing.tests import persistence as cases
from eventsourcing.tests import projection as projection_cases
from eventsourcing.utils import Environment

from infra.recorder import library_errors
from tests.infra.bridge import factory, recorders
from tests.infra.bridge.loop import OpenStore, store
from tests.servers import TestDatabase

COUNTERS = """
set search_path to kaohe;
create table event_counters (
    tenant_id uuid not null, name text not null, counted integer not null, primary key (tenant_id, name)
);
select secure_tenant_table('event_counters');
grant select, insert, update on event_counters to kaohe_app;
"""


@pytest.fixture(scope="module")
def opened(module_database: TestDatabase) -> Iterator[OpenStore]:
    """Our store on a loop of its own, with one more table for the library's example of a view."""
    with psycopg.connect(module_database.owner_url) as owner:
        owner.execute(COUNTERS)
    with store(module_database.url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def environment(opened: OpenStore, module_database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with nothing stored, and the library finds our factory."""
    monkeypatch.setenv(InfrastructureFactory.PERSISTENCE_MODULE, factory.__name__)
    monkeypatch.setenv(factory.URL, module_database.url)
    monkeypatch.setenv(factory.TENANT, str(uuid4()))


def construct(name: str = "application") -> factory.Factory:
    """Our factory, constructed as an application constructs it."""
    constructed = InfrastructureFactory.construct(Environment(name, dict(os.environ)))
    assert isinstance(constructed, factory.Factory)
    return constructed


class TestAggregateRecorder(cases.AggregateRecorderTestCase):
    """Streams of events."""

    def create_recorder(self):
        return construct().aggregate_recorder()


class TestSnapshotRecorder(cases.AggregateRecorderTestCase):
    """Streams of snapshots."""

    def create_recorder(self):
        return construct().aggregate_recorder("snapshots")


class TestApplicationRecorder(cases.ApplicationRecorderTestCase[recorders.BridgeApplicationRecorder]):
    """Events in the tenant's order, and subscriptions to it."""

    def create_recorder(self):
        return construct().application_recorder()

    def test_insert_subscribe(self):
        """The library leaves it to each store to take part in this one."""
        self.optional_test_insert_subscribe()


class TestTrackingRecorder(cases.TrackingRecorderTestCase):
    """How far readers have come."""

    def create_recorder(self):
        return construct().tracking_recorder()


class TestProcessRecorder(cases.ProcessRecorderTestCase):
    """Events and how far a reader has come, in one transaction."""

    def create_recorder(self):
        return construct().process_recorder()


class TestProcessRecorderAsApplicationRecorder(cases.ApplicationRecorderTestCase[recorders.BridgeProcessRecorder]):
    """A process recorder is an application recorder, too."""

    def create_recorder(self):
        return construct().process_recorder()

    def test_insert_subscribe(self):
        """The library leaves it to each store to take part in this one."""
        self.optional_test_insert_subscribe()


class TestNonInterleavingNotificationIds(cases.NonInterleavingNotificationIDsBaseCase):
    """The events of one append stand together."""

    def create_recorder(self):
        return construct().application_recorder()


class CountersOfOurs(recorders.BridgeTrackingRecorder):
    """A tracking recorder of a subclass, as an application names it by topic."""


class TestInfrastructureFactory(cases.InfrastructureFactoryTestCase[factory.Factory]):
    """The factory's constructions, mappers with ciphers and compressors among them."""

    def setUp(self) -> None:
        self.env = Environment("application", dict(os.environ))
        super().setUp()

    def expected_factory_class(self):
        return factory.Factory

    def expected_aggregate_recorder_class(self):
        return recorders.BridgeAggregateRecorder

    def expected_application_recorder_class(self):
        return recorders.BridgeApplicationRecorder

    def expected_tracking_recorder_class(self):
        return recorders.BridgeTrackingRecorder

    def tracking_recorder_subclass(self):
        return CountersOfOurs

    def expected_process_recorder_class(self):
        return recorders.BridgeProcessRecorder


class TestExampleApplication(application_cases.ExampleApplicationTestCase):
    """The library's bank, with snapshots."""

    expected_factory_topic = f"{factory.__name__}:Factory"


class TestApplication(application_cases.ApplicationTestCase):
    """The library's application: saving, caching, fast-forwarding under contention."""


class EventCounters(recorders.BridgeTrackingRecorder, projection_cases.EventCountersView):
    """The library's example of a view, in a tenant's table of ours: row and tracking in one transaction."""

    def get_created_event_counter(self) -> int:
        return self._store.run(self._counted("created"))

    def get_subsequent_event_counter(self) -> int:
        return self._store.run(self._counted("subsequent"))

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._store.run(self._count("created", tracking))

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._store.run(self._count("subsequent", tracking))

    async def _counted(self, name: str) -> int:
        async with self._store.database.tenant_transaction(self._tenant, read_only=True) as connection:
            return await connection.fetchval(
                "select coalesce(max(counted), 0) from event_counters where tenant_id = $1 and name = $2",
                self._tenant,
                name,
            )

    async def _count(self, name: str, tracking: Tracking) -> None:
        async with library_errors(), self._store.database.tenant_transaction(self._tenant) as connection:
            await connection.execute(
                "insert into event_counters as c (tenant_id, name, counted) values ($1, $2, 1)"
                " on conflict (tenant_id, name) do update set counted = c.counted + 1",
                self._tenant,
                name,
            )
            await self._recorder.advance(connection, tracking)


class TestEventCountersView(projection_cases.EventCountersViewTestCase):
    """A view counts each event once."""

    def construct_event_counters_view(self):
        return construct("eventcounters").tracking_recorder(EventCounters)


class TestAggregateEventCountersProjection(projection_cases.AggregateEventCountersProjectionTestCase):
    """A projection of our events into our view."""

    view_class = EventCounters


class TestTaggedDecisionCountersProjection(projection_cases.TaggedDecisionCountersProjectionTestCase):
    """A projection into our view of a store of tagged decisions.

    Ours has streams, not tagged decisions (the library's other, separate interface), so the library's own keeps them.
    """

    view_class = EventCounters

    @pytest.fixture(autouse=True)
    def upstream(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The upstream application alone is told to use the library's store."""
        for name, value in self.upstream_environment.items():
            monkeypatch.setenv(name, value)

    upstream_environment: ClassVar[dict[str, str]] = {
        "DCBAPPLICATION_PERSISTENCE_MODULE": "eventsourcing.dcb.popo",
        "DCBAPPLICATION_MAPPER_TOPIC": "eventsourcing.dcb.msgpack:MessagePackMapper",
    }
    env: ClassVar[dict[str, str]] = {"MAPPER_TOPIC": "eventsourcing.dcb.msgpack:MessagePackMapper"}


class TestEventSourcedProjection(projection_cases.EventSourcedProjectionTestCase):
    """A projection of our events into events of ours."""
