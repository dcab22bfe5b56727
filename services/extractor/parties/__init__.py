"""Who did a deed, and to whom."""
