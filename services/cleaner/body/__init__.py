"""Which pieces of a page are the article."""
