"""Where nouns meet: the events of one become commands on another, by id."""
