"""Which tellings are one deed, and which are events that people would list."""
