"""Dateline: news pages in, structured and attributed events out."""

__version__ = "0.1.0"
