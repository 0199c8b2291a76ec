"""What the service lays before a decision: a solver's proposal, what is known of a dispatch, a period's figures."""
