"""An HTML page to an article: what is kept, what is left out and why, and what the metadata say."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cleaner.body.outline import outline_of
from services.cleaner.clean import article_of
from services.cleaner.text import decode
from services.contracts import Article, PageMeta, RemovedReason

PAGES = Path(__file__).parent / "pages"
META = PageMeta(
    url="https://www.valecourier.example/x",
    final_url="https://www.valecourier.example/news/orrin-flood?fbclid=1#top",
    fetched_at=datetime(2026, 10, 12, 12, tzinfo=UTC),
    body_sha256="0",
    charset_used="utf-8",
)


@pytest.fixture(scope="module")
def article() -> Article:
    return article_of((PAGES / "furniture.html").read_bytes(), META, content_type="text/html")


def test_the_body_is_the_story_in_order_and_nothing_else(article: Article) -> None:
    first_words = [article.body[block.start : block.end].split()[0] for block in article.blocks]
    assert first_words == ["TARN,", "Engineers", "What", "The", "“I", "The", "Schools", "Rain"]
    assert [block.kind for block in article.blocks] == [
        "paragraph", "paragraph", "heading", "paragraph", "quote", "list_item", "list_item", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("beginning", "reason"),
    [
        ("Skip to main content", "navigation"),
        ("Home", "navigation"),
        ("We use cookies", "cookie"),
        ("Flood wall holds", "headline"),
        ("By Mara Quill", "byline"),
        ("Share on Facebook", "share"),
        ("The wall at Tarn", "caption"),
        ("Advertisement", "ad_label"),
        ("Read also", "teaser"),
        ("Sign up for", "newsletter"),
        ("Reporting by", "credit"),
        ("Mara Quill has covered", "author_box"),
        ("Related stories", "related"),
        ("Comments", "comments"),
        ("© 2026", "legal"),
    ],
)
def test_furniture_is_left_out_with_its_reason(article: Article, beginning: str, reason: RemovedReason) -> None:
    found = [piece.reason for piece in article.removed if piece.text.startswith(beginning)]
    assert found == [reason]


def texts(markup: str) -> list[str]:
    return [piece.text for piece in outline_of(decode.tree_of(markup.encode())).pieces]


def test_furniture_is_read_as_one_piece_without_what_its_scripts_say() -> None:
    cards = "<div class='related'><h3>More</h3><p>One</p><script>x()</script><ul><li>Two</li></ul></div>"
    assert texts(f"{cards}<p>Three</p><p>Four</p>") == ["More One Two", "Three", "Four"]


@pytest.mark.parametrize("inside", ["<h1>Flood</h1>", f"<p>{'The wall held on Sunday. ' * 30}</p>"])
def test_a_headline_or_running_text_in_what_says_furniture_is_read_block_by_block(inside: str) -> None:
    assert len(texts(f"<div class='sidebar'>{inside}<p>By Mara Quill</p></div>")) == 2


def test_what_scripts_write_is_no_text(article: Article) -> None:
    everything = article.body + " ".join(piece.text for piece in article.removed)
    assert "made by a script" not in everything


def test_the_dateline_is_read_and_stays_in_its_paragraph(article: Article) -> None:
    assert article.body.startswith("TARN, Oct 11 (Reuters) - The new flood wall held")
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.datetime) == ("Tarn", "2026-10-11")
    assert article.dateline.text == "TARN, Oct 11 (Reuters) -"
    assert article.agencies == ("Reuters",)


def test_bylines_are_people_not_the_paper(article: Article) -> None:
    assert article.bylines == ("Mara Quill", "Tobias Renn")


def test_a_caption_carries_no_credit(article: Article) -> None:
    picture = article.images[0]
    assert picture.url == "https://www.valecourier.example/img/wall.jpg"
    assert (picture.caption, picture.credit) == ("The wall at Tarn on Sunday night.", "Ines Holt")


def test_metadata_is_read_from_the_head(article: Article) -> None:
    assert article.headline == "Flood wall holds as river Orrin peaks"
    assert article.publisher == "The Vale Courier"
    assert article.section == "Local"
    assert article.keywords == ("floods", "Orrin", "Tarn")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-10-12T06:30:00+01:00"
    assert article.published_from == "json-ld"
    assert article.modified_at is not None
    assert article.is_accessible_for_free is False
    assert article.language == "en"
    assert article.rights.meta_robots == "noai, max-snippet:50"


def test_the_article_is_named_by_its_canonical_url(article: Article) -> None:
    assert article.url == article.canonical_url == "https://www.valecourier.example/news/orrin-flood"
    assert len(article.article_id) == 32
    assert article.revision == META.fetched_at


def test_nested_far_deeper_than_any_template_is_still_read() -> None:
    page = b"<html><body>" + b"<div>" * 300 + b"<p>" + b"The mayor opened the bridge on Friday. " * 5 + b"</p></body>"
    assert article_of(page, META, content_type="text/html").body.startswith("The mayor opened")


def test_two_line_breaks_end_a_paragraph() -> None:
    one, two = "The mayor opened the new bridge on Friday.", "Hundreds of people walked across it at noon."
    page = f"<html><body><div>{one}<br><br>{two}<br></div></body></html>".encode()
    assert article_of(page, META, content_type="text/html").body == f"{one}\n\n{two}"


@pytest.mark.parametrize("name", ["widget-content", "share-body", "promo-wrap"])
def test_a_story_of_short_paragraphs_is_read_whatever_its_class_is_called(name: str) -> None:
    told = [f"The council met for the {n}th time that year and heard nobody." for n in range(40)]
    notice = (
        "This notice of the paper tells its readers how it earns its money, who owns it, and whom they may write to."
    )
    page = f"<h1>The council meets</h1><div class='{name}'>{paragraphs(told)}</div>{paragraphs([notice] * 3)}"
    body = article_of(f"<html><body>{page}</body></html>".encode(), META, content_type="text/html").body
    assert body.count("heard nobody") == 40


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


PARAGRAPHS = (
    "The council of Vale met on Monday to hear what had become of the wall at Tarn, which failed twice in a year.",
    "“We were told in spring that the wall would hold, and in autumn it did not,” said Mara Quill, a neighbour.",
    "Engineers will look at the wall again in May, and the council has set aside the money for what they may find.",
)


def with_quotation(*quoted: str) -> str:
    first, *others = PARAGRAPHS
    story = f"<p>{first}</p><blockquote>{paragraphs(list(quoted))}</blockquote>{paragraphs(others)}"
    page = f"<title>The wall at Tarn</title><article><h1>The wall at Tarn</h1><div>{story}</div></article>"
    return article_of(page.encode(), META, content_type="text/html; charset=utf-8").body


def test_a_quotation_that_is_set_in_large_letters_beside_its_paragraph_is_told_once() -> None:
    body = with_quotation("We were told in spring that the wall would hold")
    assert body.split("\n\n") == list(PARAGRAPHS)


@pytest.mark.parametrize("more", ["Nobody from the council has come to see the wall since then", "“Nobody came.”"])
def test_a_statement_is_quoted_whole_also_where_a_paragraph_cites_it_again(more: str) -> None:
    cited = "We were told in spring that the wall would hold, and in autumn it did not"
    assert all(text in with_quotation(cited, more).split("\n\n") for text in (cited, more))


def test_a_quotation_in_large_letters_goes_with_the_speakers_name_below_it() -> None:
    cited = "We were told in spring that the wall would hold"
    body = with_quotation(cited, "Mara Quill, neighbour")
    assert not {cited, "Mara Quill, neighbour"} & set(body.split("\n\n"))


def test_a_quotation_that_no_paragraph_has_is_kept() -> None:
    assert "Nobody from the council" in with_quotation("Nobody from the council has come to see the wall since then")


@pytest.mark.parametrize(
    ("story", "related", "comments"),
    [
        ("article-body", "related", "comments"),
        ("cuerpo-noticia", "relacionadas", "comentarios"),
        ("artikelInhalt", "verwandte", "kommentarbereich"),
        ("tresc_artykulu", "czytaj-tez", "komentarze"),
        ("zhengwen", "xiangguan", "pinglun"),
    ],
)
def test_class_words_of_other_languages_say_what_english_ones_say(story: str, related: str, comments: str) -> None:
    told = "<p>The ferry to Orrin runs again since Monday, the harbour office says, two weeks after the fire.</p>"
    other = "<p>Snow closes the pass above Tarn for the third week, and nobody knows when it opens again.</p>"
    words = "<p>Good that it runs again, I was late for work on every one of these mornings, and so was my boss.</p>"
    page = (
        f"<div class='{story}'>{told * 3}</div><div class='{related}'>{other}</div><div id='{comments}'>{words}</div>"
    )
    cleaned = article_of(f"<html><body>{page}</body></html>".encode(), META, content_type="text/html")
    assert {piece.reason for piece in cleaned.removed} == {"related", "comments"}
    assert cleaned.body.startswith("The ferry to Orrin")
    assert "Snow" not in cleaned.body
