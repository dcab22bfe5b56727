"""Where links come from: feeds, sitemaps and lists, how they are found and how often each is read."""
