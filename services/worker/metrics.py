"""What a worker tells Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class Metrics:
    """The Prometheus metrics of one worker process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.behind = Gauge("kaohe_tenants_behind", "Tenants with events not followed yet", registry=self.registry)
        self.lag = Gauge("kaohe_lag_events", "Events not followed yet, over all tenants", registry=self.registry)
        self.overdue = Gauge(
            "kaohe_deadlines_overdue", "Deadlines that have passed and wait to be fired", registry=self.registry
        )
        self.followed = Counter("kaohe_events_followed", "Positions passed by projections", registry=self.registry)
        self.reacted = Counter("kaohe_events_reacted", "Positions passed by reactions", registry=self.registry)
        self.fired = Counter("kaohe_deadlines_fired", "Deadlines carried out", registry=self.registry)
        self.charged = Counter(
            "kaohe_fee_accounts_charged", "Accounts that a closing of a period has passed", registry=self.registry
        )
        self.failed = Counter("kaohe_deadlines_failed", "Deadlines set aside", registry=self.registry)
        self.refused = Counter(
            "kaohe_reactions_refused", "Refused commands of reactions", ("reaction", "code"), registry=self.registry
        )
        self.notices = Counter("kaohe_notices_made", "Notices laid into inboxes and the outbox", registry=self.registry)
        self.deliveries = Counter(
            "kaohe_deliveries", "Attempts to deliver a notice", ("channel", "result"), registry=self.registry
        )
        self.outbox = Gauge("kaohe_outbox_waiting", "Deliveries that wait or are under way", registry=self.registry)
        self.outbox_age = Gauge(
            "kaohe_outbox_oldest_seconds", "For how long the oldest of them has waited", registry=self.registry
        )
        self.dead_letters = Gauge(
            "kaohe_dead_letters", "Deliveries given up, for a person to look at", registry=self.registry
        )
        self.errors = Counter(
            "kaohe_work_errors", "Work that broke off, to be taken up again", ("task",), registry=self.registry
        )
        self.valkey = Gauge("kaohe_queue_serving", "Whether the queue in Valkey is served", registry=self.registry)
