"""Articles in, events out: who did what to whom, where, when, how many were hurt and who says so."""
