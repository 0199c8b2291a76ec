"""The library's infrastructure factory; select it with ``PERSISTENCE_MODULE=tests.infra.bridge.factory``."""
# ruff: noqa: D102 - the methods are documented where their names come from

from uuid import UUID, uuid5

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType, resolve_topic

from tests.infra.bridge.loop import store_at
from tests.infra.bridge.recorders import (
    BridgeAggregateRecorder,
    BridgeApplicationRecorder,
    BridgeProcessRecorder,
    BridgeSnapshotRecorder,
    BridgeTrackingRecorder,
)

URL = "KAOHE_BRIDGE_URL"
"""The open store's URL."""
TENANT = "KAOHE_BRIDGE_TENANT"
"""The id that those of the applications' tenants derive from; a new one begins with nothing stored."""


class Factory(InfrastructureFactory[BridgeTrackingRecorder]):
    """Constructs recorders of the tenant that the environment's name stands for."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._store = store_at(self.env[URL])
        self._tenant = uuid5(UUID(self.env[TENANT]), self.env.name)
        self._store.run(self._store.provision(self._tenant))

    def aggregate_recorder(self, purpose: str = "events") -> BridgeAggregateRecorder | BridgeSnapshotRecorder:
        if purpose == "snapshots":
            return BridgeSnapshotRecorder(self._store, self._tenant)
        return BridgeAggregateRecorder(self._store, self._tenant)

    def application_recorder(self) -> BridgeApplicationRecorder:
        return BridgeApplicationRecorder(self._store, self._tenant)

    def tracking_recorder(
        self, tracking_recorder_class: type[BridgeTrackingRecorder] | None = None
    ) -> BridgeTrackingRecorder:
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        named: type[BridgeTrackingRecorder] = resolve_topic(topic) if topic else BridgeTrackingRecorder
        return (tracking_recorder_class or named)(self._store, self._tenant)

    def process_recorder(self) -> BridgeProcessRecorder:
        return BridgeProcessRecorder(self._store, self._tenant)
