"""WebSub: hubs that tell of a source's news themselves."""
