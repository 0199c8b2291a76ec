"""The worker: reactions, deadlines and projections of every tenant, exactly once, in any number of processes."""
