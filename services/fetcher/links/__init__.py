"""What is known of links: when each is due, what came of a visit, what is written down."""
