"""The cleaner: page in, article out."""
