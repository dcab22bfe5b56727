"""How a guest behaves: robots.txt, rights reserved, pauses between requests."""
