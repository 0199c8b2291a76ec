"""The library's recorder interfaces, each method passed on to `infra.recorder`."""
# ruff: noqa: D102 - the methods are documented where their names come from

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from infra.recorder import Recorder, SnapshotRecorder
from tests.infra.bridge.loop import OpenStore


class BridgeRecorder:
    """What all of them hold."""

    def __init__(self, store: OpenStore, tenant: UUID) -> None:
        self._store = store
        self._tenant = tenant
        self._recorder = Recorder(store.database, store.appends, tenant)


class BridgeAggregateRecorder(BridgeRecorder, AggregateRecorder):
    """Events of streams, without their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self._store.run(self._recorder.insert_events(stored_events, **kwargs))
        return None

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        return self._store.run(self._recorder.select_events(originator_id, **kwargs))


class BridgeSnapshotRecorder(AggregateRecorder):
    """Snapshots of streams."""

    def __init__(self, store: OpenStore, tenant: UUID) -> None:
        self._store = store
        self._recorder = SnapshotRecorder(store.database, tenant)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self._store.run(self._recorder.insert_events(stored_events, **kwargs))
        return None

    def select_events(self, originator_id: UUID | str, **kwargs: Any) -> Sequence[StoredEvent]:
        return self._store.run(self._recorder.select_events(originator_id, **kwargs))


class BridgeApplicationRecorder(BridgeAggregateRecorder, ApplicationRecorder):
    """Events with their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return self._store.run(self._recorder.insert_events(stored_events, **kwargs))

    def select_notifications(self, *args: Any, **kwargs: Any) -> Sequence[Notification]:
        return self._store.run(self._recorder.select_notifications(*args, **kwargs))

    def max_notification_id(self) -> int | None:
        return self._store.run(self._recorder.max_notification_id())

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "BridgeSubscription":
        return BridgeSubscription(self, gt, topics)


class BridgeSubscription(Subscription[BridgeApplicationRecorder]):
    """Iterates over ours, one step of the loop at a time."""

    def __init__(self, recorder: BridgeApplicationRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._store = recorder._store
        self._ours = recorder._recorder.subscribe(gt, topics)

    def stop(self) -> None:
        super().stop()
        self._store.soon(self._ours.stop)

    def __next__(self) -> Notification:
        if self._has_been_stopped:
            raise StopIteration
        notification = self._store.run(self._next(), bound_s=None)
        if notification is None:
            raise StopIteration
        return notification

    async def _next(self) -> Notification | None:
        return await anext(self._ours, None)


class BridgeTrackingRecorder(BridgeRecorder, TrackingRecorder):
    """How far readers have come."""

    def insert_tracking(self, tracking: Tracking) -> None:
        self._store.run(self._recorder.insert_tracking(tracking))

    def max_tracking_id(self, application_name: str) -> int | None:
        return self._store.run(self._recorder.max_tracking_id(application_name))

    def has_tracking_id(self, application_name: str, notification_id: int | None) -> bool:
        return self._store.run(self._recorder.has_tracking_id(application_name, notification_id))


class BridgeProcessRecorder(BridgeTrackingRecorder, BridgeApplicationRecorder, ProcessRecorder):
    """Both, in one transaction."""
