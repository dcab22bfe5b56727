"""What a page says of itself, and what of it is believed."""
