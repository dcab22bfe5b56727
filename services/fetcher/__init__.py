"""Sources in, pages out: the only service that talks to the web."""
