"""Computed proposals: what a solver finds, which people then accept or change."""
