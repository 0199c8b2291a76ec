"""A demonstration year: two organisations, three projects, twelve months, told through the service itself."""
