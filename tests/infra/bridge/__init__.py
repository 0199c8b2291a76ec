"""A synchronous way to our asynchronous store, so that the `eventsourcing` library's own test cases can run on it.

Nothing is stored or decided here: every method is the one of the same name of `infra.recorder`, called on a loop
that runs in a thread. Each application of the library (its environment's name) is a tenant of ours.
"""
