"""A demonstration year: two colleges' twelve months and a vehicle centre's one, told by the service."""
