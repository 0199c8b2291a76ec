"""What Kaohe decides: pure functions over immutable values, no I/O, no clock, no randomness."""
