"""Fits the models to annotated articles and says what they are worth on unseen ones."""
