"""What people are told: an event becomes notices to roles and persons, purely; how they travel is no concern here."""
