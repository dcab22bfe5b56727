"""What comes in: charsets, files that are no text, pages that would stall a parser, and anything at all."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import contracts, envelope, topics
from services.cleaner.clean import article_of, clean
from services.cleaner.text import decode
from services.cleaner.text.decode import refuse_stalling
from services.contracts import Article, BrokenContract, PageMeta
from services.stage import Message, Reason, Rejected
from tests.fuzz.claims import check, outcome

STORY = "The café in São Tomé reopened on Friday after a week of storms, its owner said. " * 3


def meta(charset: str | None = None) -> PageMeta:
    return PageMeta(
        url="https://paper.example/story",
        final_url="https://paper.example/story",
        fetched_at=datetime(2026, 10, 12, tzinfo=UTC),
        body_sha256="0",
        charset_used=charset,
    )


def page(story: str = STORY) -> str:
    return f"<html><head><title>T</title></head><body><p>{story}</p></body></html>"


def rejection(body: bytes) -> Reason:
    with pytest.raises(Rejected) as caught:
        article_of(body, meta(), content_type="text/html")
    return caught.value.reason


@pytest.mark.parametrize(
    ("charset", "label"),
    [("latin-1", "iso-8859-1"), ("latin-1", "utf-8"), ("utf-8", "iso-8859-1"), ("utf-16", None), ("utf-8", "no-such")],
)
def test_the_text_survives_its_charset_even_under_a_wrong_label(charset: str, label: str | None) -> None:
    article = article_of(page().encode(charset), meta(label), content_type="text/html")
    assert article.body == STORY.strip()


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
@pytest.mark.parametrize("close", ["“The guests – all of them – came back.”", "They’re back."])
def test_utf_8_that_was_read_by_another_charset_is_read_again(wrong: str, close: str) -> None:
    written = page(STORY.replace("é", "e").replace("ã", "a") + close)
    misread = "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in written.encode())
    assert close in article_of(misread.encode(), meta(), content_type="text/html").body


def test_one_honest_letter_and_nothing_is_read_again() -> None:
    story = STORY + "They write donâ€™t where they mean don’t."
    assert article_of(page(story).encode(), meta(), content_type="text/html").body == story


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It’s &amp;#8217;here&amp;rsquo; &amp;amp; &amp;quot;there&amp;quot;", 'It’s ’here’ & "there"'),
        ("R&amp;D; AT&amp;T &amp;c.", "R&D; AT&T &c."),
        ("&amp;#8203;&amp;#x202e;nothing&amp;#10;new", "nothing new"),
        ("a\u2009b\u2002c\u205fd\u3000e\u1680f", "a b c d e f"),
        ("\u202bright\u202c \u2066left\u2069 so\u00adft ze\u200bro \ufeffmark\u2060", "right left soft zero mark"),
        ("e\u0301te\u0301", "été"),
        ("او می\u200cخواهد", "او می\u200cخواهد"),  # Persian spells with the non-joiner
        ("क्\u200dष", "क्\u200dष"),  # and Hindi with the joiner
        ("wo\u200crd jo\u200din", "word join"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
)
def test_what_is_written_is_read_as_a_reader_sees_it(written: str, read: str) -> None:
    caption = f"<figure><img src=/a.jpg><figcaption>{written}, it says</figcaption></figure>"
    story = f"<article><p>{STORY}</p>{caption}<p>{STORY} {written}</p></article>"
    article = article_of(
        f'<meta property="og:title" content="{written}">{story}'.encode(), meta(), content_type="text/html"
    )
    assert article.body.endswith(read)
    assert [image.caption for image in article.images] == [f"{read}, it says"]
    assert article.headline == read


def test_nul_bytes_and_invisible_characters_are_no_text() -> None:
    body = page(STORY.replace("storms", "st\0or\u00adms\u200b").replace("a week", "a\u00a0week")).encode()
    assert article_of(body, meta(), content_type="text/html").body == STORY.strip()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\x93a week\x94", "“a week”"),
        ("a\x97week", "a—week"),
        ("a\u3164week", "a week"),
        ("a\u2800week", "a week"),
        ("a \ue901week", "a week"),
        ("a \U000e0061\U000e0062week", "a week"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f won", "\U0001f3f4\U000e0067\U000e0062\U000e007f won"),  # a flag
    ],
)
def test_controls_are_the_quotes_they_stand_for_and_what_nobody_sees_is_no_text(written: str, read: str) -> None:
    body = page(STORY.replace("a week", written)).encode()
    assert article_of(body, meta(), content_type="text/html").body == STORY.strip().replace("a week", read)


@pytest.mark.parametrize(("written", "read"), [("\ud83d\ude00", "😀"), ("\ud83d", "\ufffd")])
def test_halves_of_pairs_that_are_written_one_by_one_do_not_make_a_page_another_charset(
    written: str, read: str
) -> None:
    body = page(STORY.replace("a week", f"a “{written}” week")).encode("utf-8", "surrogatepass")
    assert article_of(body, meta(), content_type="text/html").body == STORY.strip().replace(
        "a week", f"a “{read}” week"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t\0", Reason.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", Reason.NOT_TEXT),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Reason.NOT_TEXT),
        (b"\x1f\x8b\x08\0\0\0\0\0", Reason.NOT_TEXT),
        (bytes(range(1, 32)) * 20, Reason.NOT_TEXT),
        (b"<html><body><ul><li><a href=/a>One</a><li><a href=/b>Two</a></ul></body></html>", Reason.NO_ARTICLE),
        (b"Home\nWorld\nSport\n", Reason.NO_ARTICLE),
        (b"<html>" + b"<div>" * 10_000 + b"text", Reason.TOO_LARGE),
        (b"<html><div " + b" ".join(b"a%d=1" % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b"<html><div x='<' " + b" ".join(b"a%d=1" % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b"<html><div x='<a>' " + b" ".join(b"a%d" % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b"<html><div " + b"".join(b'a%d="1"' % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b"<html><div x= '<script> \"' " + b" ".join(b"a%d" % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b'<html><div x="<!--" ' + b" ".join(b"a%d" % n for n in range(5_000)) + b">text", Reason.TOO_LARGE),
        (b"<html><select>" + b"<option>" * 10_000, Reason.TOO_LARGE),
        (b"a" * (topics.PAGE_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_what_holds_no_article_is_rejected_with_its_reason(body: bytes, reason: Reason) -> None:
    assert rejection(body) is reason


@pytest.mark.timeout(15)
def test_a_page_at_the_limit_is_cleaned_within_a_childs_time() -> None:
    head, tail = b"<html><body>", b"</body></html>"
    paragraph = f"<p>{STORY}</p>\n".encode()
    room = topics.PAGE_BYTES - len(head) - len(tail)
    body = head + paragraph * (room // len(paragraph)) + tail
    article = article_of(body.ljust(topics.PAGE_BYTES), meta(), content_type="text/html")
    assert len(contracts.encode(article)) <= topics.ARTICLE_BYTES


def test_a_script_of_many_words_is_no_long_tag() -> None:
    script = b"<script>" + b"word = word + 1 ;\n" * 4_000 + b"</script>"
    assert decode._is_harmless(b"<html><link href=\"/a.css\" title='b'>" + script)  # noqa: SLF001 - it spares a scan


@pytest.mark.timeout(10)
@pytest.mark.parametrize("piece", ["<a ", "<a '", '<a b="', "<script>", "<!--", "<p ", '="', "< <"])
def test_the_pre_scan_is_linear_whatever_it_scans(piece: str) -> None:
    with contextlib.suppress(Rejected):  # refused or not: what is claimed is the time limit above
        refuse_stalling(piece.encode() * 400_000)


def test_half_a_surrogate_in_json_ld_never_reaches_the_record() -> None:
    story = r'{"@type": "NewsArticle", "headline": "Caf\ud800", "image": "/\ud800.jpg", "keywords": ["\udfff"]}'
    body = f"<script type='application/ld+json'>{story}</script>{page()}".encode()
    assert contracts.encode(article_of(body, meta(), content_type="text/html"))


def test_a_page_becomes_one_record_that_any_replay_writes_again() -> None:
    record = envelope.page_record(page().encode(), meta("utf-8"), site="paper.example", content_type="text/html")
    message = envelope.message_of(record)
    outcome = clean(message)
    (made,) = outcome.records
    article = contracts.decode(made.value, Article)
    assert made.topic is topics.ARTICLES
    assert made.key == article.article_id.encode()
    assert made.place == article.article_id
    assert dict(made.headers)["ce_id"].decode() == f"{article.article_id}/2026-10-12T00:00:00+00:00"
    assert article.page == contracts.PageRef(topic=topics.PAGES.name, partition=0, offset=0)
    assert clean(message) == outcome


def test_a_page_without_its_fetch_header_breaks_the_contract() -> None:
    with pytest.raises(BrokenContract):
        clean(Message(topic="t", partition=0, offset=0, key=None, value=page().encode()))


def test_a_record_without_a_value_is_empty() -> None:
    headers = (("fetch", contracts.encode(meta())),)
    with pytest.raises(Rejected) as caught:
        clean(Message(topic="t", partition=0, offset=0, key=None, value=None, headers=headers))
    assert caught.value.reason is Reason.EMPTY


_PIECES = (
    "<p>", "</p>", "<div class='x'>", "<h1>", "<li>", "<br>", "<figure><img src=a>", "</", "<!--", "&nbsp;", "&#0;",
    "<table><td>", "<a href=//[>", "<meta name=date content='1'>", "LONDON (Reuters) - ", "\x85", "(AFP)",
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\"}</script>",
    "The council met on Friday to talk about the river and its banks. ", "12 October 2026, 25:61",
)  # fmt: skip
_MARKUP = st.lists(st.sampled_from(_PIECES) | st.text(max_size=30), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    body=st.binary(max_size=300) | _MARKUP.map(lambda text: text.encode("utf-8", "replace")),
    charset=st.sampled_from([None, "utf-8", "latin-1", "utf-16", "shift_jis", "utf-7", "hex", "\0"]),
)
def test_any_bytes_are_an_article_or_a_rejection(body: bytes, charset: str | None) -> None:
    found = outcome(body, charset=charset)
    if isinstance(found, Article):
        check(found)


_FOUND = (b'<html lang="\x15n-GB">',)  # a control character that came out as the language


@pytest.mark.parametrize("markup", _FOUND)
def test_what_the_fuzzer_found_stays_mended(markup: bytes) -> None:
    found = outcome(markup + page().encode())
    assert isinstance(found, Article)
    check(found)
