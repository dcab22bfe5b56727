"""What holds of every article, whatever bytes the page was: checked by the fuzz target and by tests."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec

from services import contracts, topics
from services.cleaner.clean import article_of
from services.contracts import Article, PageMeta, RemovedReason
from services.stage import Rejected

FETCHED = datetime(2026, 10, 12, tzinfo=UTC)
URL = "https://paper.example/2026/10/11/story"
_REASONS = frozenset(get_args(RemovedReason))
_UNSEEN = frozenset({0xAD, 0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF})


def outcome(body: bytes, *, charset: str | None = None, content_type: str = "text/html") -> Article | Rejected:
    """What the cleaner makes of a page: its article, or why there is none. Whatever else it raises is a bug."""
    meta = PageMeta(url=URL, final_url=URL, fetched_at=FETCHED, body_sha256="0", charset_used=charset)
    try:
        return article_of(body, meta, content_type=content_type)
    except Rejected as rejected:
        return rejected


def check(article: Article) -> None:
    """Raise AssertionError where an article breaks what is promised of every one."""
    encoded = contracts.encode(article)
    assert len(encoded) <= topics.ARTICLE_BYTES
    assert contracts.decode(encoded, Article) == article
    assert article.body == "\n\n".join(article.body[block.start : block.end] for block in article.blocks)
    for text in _texts(msgspec.to_builtins(article)):
        assert unicodedata.is_normalized("NFC", text), text
        assert not [letter for letter in text.replace("\n\n", "") if _is_unseen(letter)], ascii(text)
    assert {piece.reason for piece in article.removed} <= _REASONS
    assert sum(len(piece.text.encode()) for piece in article.removed) <= 16 * 1024
    assert article.published_at is None or article.published_at <= FETCHED + timedelta(days=2)


def _is_unseen(letter: str) -> bool:
    return ord(letter) in _UNSEEN or unicodedata.category(letter) in {"Cc", "Cs"}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a message, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
