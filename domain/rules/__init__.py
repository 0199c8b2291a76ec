"""Typed rule values per regulation, their shipped defaults, and the version in force on a day."""
