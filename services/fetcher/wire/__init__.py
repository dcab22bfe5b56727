"""One request and its answer: the guard, the connection, what is taken off the body."""
