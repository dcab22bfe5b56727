"""A page as it came: its charset, what its readers see of it, its twins, how it travels."""
