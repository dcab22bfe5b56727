"""Text by itself: bytes to characters, what a line is by its words, datelines, languages."""
