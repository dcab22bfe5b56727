"""What a page says of itself, settled by evidence: headline, bylines, dates, publisher, pictures."""

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.cleaner.clean import article_of
from services.cleaner.metadata import headlines, jsonld
from services.cleaner.metadata.bylines import Printed, bylines_of
from services.cleaner.metadata.headlines import headline_of
from services.cleaner.metadata.metadata import metadata_of
from services.cleaner.text import lines, signatures
from services.cleaner.text.reading import Reading
from services.contracts import Article, PageMeta, PageSource, Removed

URL = "https://www.fenmarkpost.example/local/2026/10/12/harbour-bridge-reopens"
FETCHED = datetime(2026, 10, 13, 9, tzinfo=UTC)
STORY = "<p>The harbour bridge reopened on Monday after nine weeks of repairs, the council said.</p>" * 3


def article(head: str = "", body: str = "", *, url: str = URL, published: str | None = None) -> Article:
    source = PageSource(id="s", kind="rss", published=published) if published else None
    meta = PageMeta(url=url, final_url=url, fetched_at=FETCHED, body_sha256="0", source=source)
    page = f"<html lang=en><head>{head}</head><body>{body}<article>{STORY}</article></body></html>"
    return article_of(page.encode(), meta, content_type="text/html")


def story(fields: str, kind: str = "NewsArticle") -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}", {fields}}}</script>'


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


# Headlines


@pytest.mark.parametrize(
    ("title", "h1"),
    [
        ("Bridge reopens | Fenmark Post", "Bridge reopens"),
        ("Bridge reopens - fenmarkpost.example", ""),
        ("Bridge reopens – Fenmark Post – 12.10.2026", ""),
        ("Fenmark Post | Bridge reopens", ""),
        ("Bridge reopens | Local | Fenmark Post", "Bridge reopens"),
        ("Bridge reopens｜Fenmark Post", ""),
    ],
)
def test_the_sites_name_is_no_part_of_the_headline(title: str, h1: str) -> None:
    head = f'<title>{title}</title>{og(title)}<meta property="og:site_name" content="Fenmark Post">'
    assert article(head, f"<h1>{h1}</h1>").headline == "Bridge reopens"


def test_without_an_h1_the_line_that_is_most_of_the_title_is_the_headline() -> None:
    body = "<table><tr><td><b>Harbour bridge reopens</b></td></tr></table>"
    assert article("<title>Post: Harbour bridge reopens</title>", body).headline == "Harbour bridge reopens"


@pytest.mark.parametrize("title", ["Fenmark Post: Bridge reopens", "Bridge reopens：Fenmark Post"])
def test_the_sites_name_beside_a_colon_is_no_part_of_the_headline(title: str) -> None:
    assert article(og(title) + '<meta property="og:site_name" content="Fenmark Post">').headline == "Bridge reopens"


def test_a_dash_inside_the_headline_stays() -> None:
    head = og("Bridge reopens - nine weeks late") + '<meta property="og:site_name" content="Fenmark Post">'
    assert article(head).headline == "Bridge reopens - nine weeks late"


def test_of_a_news_page_og_title_is_the_headline_where_the_h1_differs() -> None:
    head = story('"headline": "Harbour bridge: date, times and all you need to know"') + og("Harbour bridge reopens")
    assert article(head, "<h1>Harbour bridge: date, times and all</h1>").headline == "Harbour bridge reopens"


def test_of_any_other_page_it_is_the_heading_that_readers_see() -> None:
    head = og("Harbour bridge guide 2026: all you need to know")
    assert article(head, "<h1>A guide to the harbour bridge</h1>").headline == "A guide to the harbour bridge"


SLUG = URL.replace("harbour-bridge-reopens", "thoer-bruecke-oeffnet-nach-neun-wochen-123")
OLD, NEW = "Thör: Brücke öffnet nach neun Wochen", "Brücke in Thör wieder offen: Was Autofahrer wissen müssen"


def test_the_headline_that_the_address_was_made_of_counts_where_og_title_and_heading_were_rewritten() -> None:
    head = story(f'"headline": "{OLD}"') + og(NEW)
    assert article(head, f"<h1>{NEW}</h1>", url=SLUG).headline == OLD
    assert article(head, f"<h1>{NEW}</h1>").headline == NEW


def test_a_kicker_that_json_ld_and_the_address_lack_stays() -> None:
    shown = f"Verkehr {OLD}"
    assert article(story(f'"headline": "{OLD}"') + og(shown), f"<h1>{shown}</h1>", url=SLUG).headline == shown


def test_of_a_page_that_is_no_news_og_title_heads_it_where_the_address_was_made_of_it() -> None:
    assert article(og(OLD), f"<h1>{NEW}</h1>", url=SLUG).headline == OLD
    assert article(og(OLD), f"<h1>{NEW}</h1>").headline == NEW


def test_where_three_titles_have_nothing_in_common_the_heading_counts_if_the_address_is_about_it() -> None:
    head = story('"headline": "Cars cross the river again"') + og("Engineers finish their longest job")
    url = URL.replace("bridge-reopens", "bridges-reopening")
    assert article(head, "<h1>Why the harbour bridge reopened late</h1>", url=url).headline == (
        "Why the harbour bridge reopened late"
    )


def test_an_h1_with_the_papers_name_or_a_sections_heads_nothing() -> None:
    headings = "<h1>Fenmark Post</h1><h1>Local</h1><h1>Harbour <em>bri</em>dge reopens</h1>"
    head = "<title>Harbour bridge reopens</title>" + '<meta property="og:site_name" content="Fenmark Post">'
    assert article(head, headings).headline == "Harbour bridge reopens"


def test_a_headline_that_json_ld_cuts_is_read_whole_elsewhere() -> None:
    whole = "Harbour bridge reopens after nine weeks of repairs that were to take three, and the mayor says sorry to us"
    head = story(f'"headline": "{whole[:104]}"', kind="Article") + f'<meta name="twitter:title" content="{whole}">'
    assert article(head).headline == whole


def test_a_headline_that_ends_in_dots_is_read_whole_elsewhere() -> None:
    head = story('"headline": "Harbour bridge reopens"') + og("Harbour bridge reopens after nine…")
    assert article(head, "<h1>Harbour bridge reopens after nine weeks</h1>").headline == (
        "Harbour bridge reopens after nine weeks"
    )


@pytest.mark.timeout(10)
def test_titles_and_names_of_any_length_are_judged_in_bounded_time() -> None:
    long = og("bridge | " * 50_000) + f"<meta name=author content='{'Ines Holt, ' * 50_000}'>"
    metadata = metadata_of(LexborHTMLParser(f"{long}<h1>{'bridge ' * 50_000}</h1>"), URL)
    assert len(headline_of(metadata).text or "") <= 400
    printed = Printed(Reading(headline=None, parts=()), 0)
    assert bylines_of(metadata, printed, sites=frozenset()) == ("Ines Holt",)


def test_headlines_hold_no_entities_nothing_invisible_and_composed_letters() -> None:
    head = og("Caf&amp;amp;eacute; &amp;amp;amp; quay: Zoe\u0308\u200b s\u00ado\u00a0glad\u202e")
    assert article(head).headline == "Café & quay: Zoë so glad"


# Bylines


@pytest.mark.parametrize(
    ("author", "bylines"),
    [
        ('"Ines Holt"', ("Ines Holt",)),
        ('{"@type": "Person", "name": "By Ines Holt and Tobias Renn"}', ("Ines Holt", "Tobias Renn")),
        ('[{"name": "Ines Holt"}, [{"name": "Tobias Renn"}]]', ("Ines Holt", "Tobias Renn")),
        ('[{"name": "Reuters"}, {"name": "Ines Holt"}]', ("Ines Holt", "Reuters")),
        ('[{"@type": "Organization", "name": "Fenmark Post"}, {"name": "Ines Holt"}]', ("Ines Holt",)),
        ('{"@type": "Person", "name": "Associated Press"}', ("Associated Press",)),
        ('"محمد علي، سارة حسن"', ("محمد علي", "سارة حسن")),
        ('"राम शर्मा, गीता वर्मा"', ("राम शर्मा", "गीता वर्मा")),
        ('"홍길동, 김영희 기자"', ("홍길동", "김영희 기자")),
        ('"山田太郎、佐藤花子"', ("山田太郎", "佐藤花子")),
        ('"admin"', ()),
        ('"Staff"', ()),
        ('"https://fenmarkpost.example/authors/7"', ()),
    ],
)
def test_bylines_are_the_people_who_signed_and_agencies_beside_them(author: str, bylines: tuple[str, ...]) -> None:
    head = story(f'"author": {author}, "publisher": {{"name": "Fenmark Post"}}')
    assert article(head).bylines == bylines


def test_the_signature_under_the_headline_counts_where_the_paper_declares_itself_author() -> None:
    head = story('"author": {"@type": "Organization", "name": "Fenmark Post"}, "headline": "Bridge reopens"')
    body = '<h1>Bridge reopens</h1><div class="article-byline">By <a>Ines Holt</a>, <a>Tobias Renn</a></div>'
    assert article(head, body).bylines == ("Ines Holt", "Tobias Renn")


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("<p>By Ines Holt 12 October 2026</p>", ("Ines Holt",)),
        ("<p>by: Ines Holt, Oct 12, 2026</p>", ("Ines Holt",)),
        ("<p>October 12, 2026 By Ines Holt</p>", ("Ines Holt",)),
        ("<p>Oct 12, 2026 • Ines van der Holt in Local</p>", ("Ines van der Holt",)),
        ("<p>Posted by Ines Holt on 2026-10-12 in bridges</p>", ("Ines Holt",)),
        ("<p>ByInes Holt</p>", ("Ines Holt",)),
        ("<p>Written by</p><p>Ines Holt &amp; Tobias Renn</p>", ("Ines Holt", "Tobias Renn")),
        ("<p>By Ines Holt ⋅ Senior Harbour Analyst</p>", ("Ines Holt",)),
        ("<p>Von Ines Holt und Tobias Renn</p>", ("Ines Holt", "Tobias Renn")),
        ("<p>By the Quay Team</p>", ("the Quay Team",)),
        ("<p>By Staff Reporter</p>", ()),
        ("<p>Door onze verslaggever</p>", ()),
        ("<p class=byline>Ines Holt iholt@fenmarkpost.example</p>", ("Ines Holt",)),
        ("<p class=byline>Ines Holt in Nairobi</p>", ("Ines Holt",)),
        ("<p class=firma>Ines Holt</p>", ("Ines Holt",)),
        ("<p>Penulis: Ines Holt</p>", ("Ines Holt",)),
        ("<p>Par Inès Holt avec AFP</p>", ("Inès Holt", "AFP")),
        ("<p>Vložil(a) Ines Holt dne Po, 12/10/2026 - 19:42</p>", ("Ines Holt",)),
        ("<p>Publicado por Ines Holt</p>", ("Ines Holt",)),
        ("<p>Piše: Ines Holt 12. 10. 2026. u 08:15</p>", ("Ines Holt",)),
        ("<em class=story__byline>di <a>Ines Holt</a></em>", ("Ines Holt",)),
        ("<p>Reviewed by Ines Holt on 2026-10-12</p>", ()),
        ("<p>By reading on you accept our terms, it says</p>", ()),
    ],
)
def test_a_signature_printed_under_the_headline_is_read(printed: str, names: tuple[str, ...]) -> None:
    assert article(og("Bridge reopens"), f"<h1>Bridge reopens</h1>{printed}").bylines == names


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<span>Ines Holt</span> <span>Harbour Editor</span>", ("Ines Holt",)),
        ("<span>Story by:</span> <a>Ines Holt</a>", ("Ines Holt",)),
        ("<span>Fen Public Radio</span> | By <a>Ines Holt</a>", ("Ines Holt",)),
        ("<a>Ines Holt</a> <span>Photos by</span> <a>Bo Ek</a>", ("Ines Holt",)),
        ("<a>Ines Holt</a>, <a>Tobias Renn</a> and <a>Mara Quill</a>", ("Ines Holt", "Tobias Renn", "Mara Quill")),
    ],
)
def test_a_role_beside_a_name_is_no_second_author(markup: str, names: tuple[str, ...]) -> None:
    assert article(og("Bridge reopens"), f"<h1>Bridge reopens</h1><div class=author>{markup}</div>").bylines == names


@pytest.mark.parametrize(
    ("declared", "names"), [("Ann &amp; Bo", ("Ann", "Bo")), ("Holt, Ines", ("Ines Holt",)), ("a, b", ())]
)
def test_first_names_and_inverted_names_are_read(declared: str, names: tuple[str, ...]) -> None:
    assert article(f'<meta name="author" content="{declared}">').bylines == names


def test_who_signs_at_the_end_of_the_story_wrote_it_where_nobody_signs_above() -> None:
    head = story('"author": {"@type": "Organization", "name": "Fenmark Post"}') + "</head>"
    meta = PageMeta(url=URL, final_url=URL, fetched_at=FETCHED, body_sha256="0")
    page = (
        f"<html lang=en><head>{head}<body><article>{STORY}<p align=right><b>Ines Holt</b></p></article></body></html>"
    )
    assert article_of(page.encode(), meta, content_type="text/html").bylines == ("Ines Holt",)


def test_an_account_that_is_the_sites_administrator_signs_nothing() -> None:
    head = story('"author": {"name": "Fen D", "url": "https://www.fenmarkpost.example/author/admin/"}')
    assert article(head, "<h1>Bridge reopens</h1><p>By Ines Holt</p>").bylines == ("Ines Holt",)


def test_a_teasers_author_is_nobody_here() -> None:
    body = '<div class="teaser-author">By Mara Quill</div><div class="author">Read all by our newsroom</div>'
    assert article("", body).bylines == ()


def test_an_author_named_by_reference_is_found() -> None:
    graph = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "author": {"@id": "#p"}},'
        ' {"@type": "Person", "@id": "#p", "name": "Ines Holt"}]}</script>'
    )
    assert article(graph).bylines == ("Ines Holt",)


def test_agencies_are_named_by_their_list() -> None:
    head = story('"author": [{"name": "Deutsche Presse-Agentur"}, {"name": "Ines Holt"}]')
    assert article(head).agencies == ("dpa",)
    signed = article(og("Bridge reopens"), "<h1>Bridge reopens</h1><p>By Ines Holt, Reuters</p>")
    assert signed.agencies == ("Reuters",)


def test_agencies_that_sign_behind_the_last_sentence_are_named() -> None:
    said = (
        "“We opened it when it was safe and not a day before,” the county's head of roads told a meeting in the hall "
    )
    ended = "on Monday evening, and the ferry would run until the end of the winter all the same. (jhm/dpa)"
    first = "The harbour bridge reopened on Monday after nine weeks of repairs, the council said in a statement."
    second = "Commuters had been sent on a detour of 40 kilometres, and a ferry was put back into service for them."
    text = "".join(f"<p>{each}</p>" for each in (first, second, said + ended))
    meta = PageMeta(url=URL, final_url=URL, fetched_at=FETCHED, body_sha256="0")
    page = f"<html lang=en><body><article><h1>Bridge reopens</h1>{text}</article></body></html>"
    assert article_of(page.encode(), meta, content_type="text/html").agencies == ("dpa",)


# Dates


@pytest.mark.parametrize(
    ("head", "body", "instant", "told_by"),
    [
        (story('"datePublished": "2026-10-12T06:30:00+01:00"'), "", "2026-10-12T06:30:00+01:00", "json-ld"),
        ('<meta name="article:published:time" content="2026-10-12T06:30Z">', "", "2026-10-12T06:30:00+00:00", "meta"),
        ('<meta name="date" content="1791786600">', "", "2026-10-12T06:30:00+00:00", "meta"),
        ("", '<time itemprop="datePublished" datetime="2026-10-12">', "2026-10-12T00:00:00+00:00", "meta"),
        ("", '<span property="schema:datePublished" content="2026-10-12T06:30Z">', "2026-10-12T06:30:00+00:00", "meta"),
        ('<meta name="DC.date.issued" content="20261012T063000Z">', "", "2026-10-12T06:30:00+00:00", "meta"),
        ('<meta name="date" content="Mon Oct 12 06:30:00 GMT 2026">', "", "2026-10-12T06:30:00+00:00", "meta"),
        ('<meta name="date" content="20261012">', "", "2026-10-12T00:00:00+00:00", "meta"),
        ("<title>Bridge | Post | 12.10.2026</title>", "", "2026-10-12T00:00:00+00:00", "meta"),
        ("", "<h1>Bridge reopens</h1><p>Oct 12, 2026, 6:30 am GMT</p>", "2026-10-12T06:30:00+00:00", "dateline"),
        ("", "", "2026-10-12T00:00:00+00:00", "url"),
    ],
)
def test_the_date_is_read_wherever_the_page_says_it(head: str, body: str, instant: str, told_by: str) -> None:
    found = article(head, body)
    assert found.published_at is not None
    assert (found.published_at.isoformat(), found.published_from) == (instant, told_by)


def test_the_feed_dates_a_page_that_does_not() -> None:
    found = article(url="https://fenmarkpost.example/bridge", published="Mon, 12 Oct 2026 06:30:00 +0100")
    assert found.published_at is not None
    assert (found.published_at.isoformat(), found.published_from) == ("2026-10-12T06:30:00+01:00", "feed")


@pytest.mark.parametrize("impossible", ["2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "0001-01-01", "1900-01-01"])
def test_a_date_in_the_future_or_before_the_web_is_never_believed(impossible: str) -> None:
    head = story(f'"datePublished": "{impossible}", "dateModified": "{impossible}"')
    found = article(head + '<meta property="article:published_time" content="2026-10-12T06:30:00Z">')
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-10-12T06:30:00+00:00"
    assert found.modified_at is None


def test_a_date_that_the_address_contradicts_gives_way_to_one_that_it_confirms() -> None:
    head = story('"datePublished": "2026-03-01T08:00:00Z"') + '<meta name="date" content="2026-10-12T06:30:00Z">'
    found = article(head)
    assert found.published_at is not None
    assert (found.published_at.day, found.published_from) == (12, "meta")


def test_of_one_moment_the_most_precise_form_is_taken() -> None:
    head = story('"datePublished": "2026-10-12 06:30:00"') + '<meta name="date" content="2026-10-12T06:30:00+02:00">'
    found = article(head)
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-10-12T06:30:00+02:00"


def test_a_time_without_zone_is_the_papers_own() -> None:
    head = story('"datePublished": "2026-07-12T06:30:00"')
    found = article(head, url="https://www.marschbote.de/bruecke")
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-07-12T06:30:00+02:00"
    assert str(article(head, url="https://www.elmarsch.es/puente").published_at) == "2026-07-12 06:30:00+02:00"
    assert str(article(head, url="https://www.marsh.cn/bridge").published_at) == "2026-07-12 06:30:00+08:00"


def test_times_under_one_name_are_those_of_other_stories() -> None:
    others = "".join(f'<p class="card-date">{day} September 2026</p>' for day in (3, 4, 5))
    body = f'<p class="hero-date">12 October 2026</p><h1>Bridge reopens</h1>{others}'
    assert str(article(og("Bridge reopens"), body, url=URL[:30]).published_at)[:10] == "2026-10-12"


def test_the_date_before_a_change_on_one_line_is_the_publications() -> None:
    body = "<h1>Bridge reopens</h1><p>11 October 2026 - Updated 12 October 2026</p>"
    assert str(article(og("Bridge reopens"), body, url=URL[:30]).published_at)[:10] == "2026-10-11"


def test_of_two_dates_on_a_line_the_one_called_published_counts_and_the_other_is_the_change() -> None:
    line = "Updated: October 12, 2026 8:00 AM GMT Published: October 11, 2026 9:15 AM GMT"
    found = article(og("Bridge reopens"), f"<h1>Bridge reopens</h1><p>{line}</p>", url=URL[:30])
    assert str(found.published_at) == "2026-10-11 09:15:00+00:00"
    assert str(found.modified_at) == "2026-10-12 08:00:00+00:00"


def test_a_change_that_a_line_below_the_headline_prints_is_read() -> None:
    lines = "<div>Publicerad 11 okt 2026 kl 14.22</div><div>Uppdaterad 12 okt 2026 kl 18.00</div>"
    found = article(og("Bridge reopens"), f"<h1>Bridge reopens</h1>{lines}", url="https://www.fenbladet.se/a")
    assert str(found.published_at) == "2026-10-11 14:22:00+02:00"
    assert str(found.modified_at) == "2026-10-12 18:00:00+02:00"


def test_a_change_is_no_publication() -> None:
    body = (
        "<h1>Bridge reopens</h1><time class=updated datetime=2026-10-13T07:00Z></time><time datetime=2026-10-12T06:30Z>"
    )
    found = article("", body)
    assert found.published_at is not None
    assert found.modified_at is not None
    assert (found.published_at.day, found.modified_at.day) == (12, 13)


# JSON-LD as pages break it


@pytest.mark.parametrize(
    "broken",
    [
        '{"headline": "A "quoted" word", "n": 1,}',
        '<!-- {"headline": "A \\"quoted\\" word"} -->',
        '// <![CDATA[\n{"headline": \'A "quoted" word\'}\n// ]]>',
        '{"headline": "A \\"quoted\\" word" /* ours */, "list": [1, 2,], // theirs\n "u": "https://x.example/"};',
        '{"n": "B" "headline": "A \\"quoted\\" word"}',
        '{"headline": "A \\"quoted\\" word", "author": {"name": "B"}, "articleBody": "The bridge across',
    ],
)
def test_broken_json_is_repaired(broken: str) -> None:
    loaded = jsonld.load(broken)
    assert isinstance(loaded, list)
    assert loaded[0]["headline"] == 'A "quoted" word'


def test_a_value_that_was_cut_off_is_none() -> None:
    assert jsonld.load('{"author": {"name": "B"}, "headline": "Lune bridge clo') == [{"author": {"name": "B"}}]


def test_several_objects_in_a_row_are_all_read() -> None:
    assert jsonld.load('{"a": 1}\n{"b": 2}') == [{"a": 1}, {"b": 2}]


def test_what_is_no_json_is_nothing() -> None:
    assert jsonld.load("window.dataLayer") is None


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece", ['"', '"x ', "/*x", "//", "['x ", '"a" "b"', '{"a":', '\\"', '"\\', "'\\", ',"', "<!--", " ', "]
)
def test_repair_is_linear_whatever_it_repairs(piece: str) -> None:
    jsonld.load(piece * 100_000)


def test_the_node_that_is_headed_as_the_page_is_the_story() -> None:
    listed = (
        '{"@type": "NewsArticle", "headline": "Another story", "datePublished": "2026-01-01", "author": "Mara Quill"}'
    )
    own = '{"@type": "NewsArticle", "headline": "Bridge reopens", "author": "Ines Holt"}'
    head = f'<script type="application/ld+json">[{listed}, {own}]</script>{og("Bridge reopens")}'
    assert article(head).bylines == ("Ines Holt",)


# The rest


def test_the_remaining_fields_are_read() -> None:
    head = (
        story('"isAccessibleForFree": "False", "articleSection": ["Local", "News"], "keywords": "bridge, harbour"')
        + '<meta property="og:site_name" content="Fenmark Post"><meta name="description" content="Nine weeks late.">'
        + '<meta property="og:image" content="/img/bridge.jpg"><link rel=canonical href="/local/bridge">'
    )
    found = article(head)
    assert (found.publisher, found.description) == ("Fenmark Post", "Nine weeks late.")
    assert (found.section, found.keywords, found.is_accessible_for_free) == ("Local", ("bridge", "harbour"), False)
    assert article('<meta name="keywords" content="bridge; harbour">').keywords == ("bridge", "harbour")
    assert found.images[0].url == "https://www.fenmarkpost.example/img/bridge.jpg"
    assert found.canonical_url == "https://www.fenmarkpost.example/local/bridge"


def test_the_language_is_the_texts_with_the_detectors_confidence() -> None:
    found = article()
    assert found.language == "en"
    assert found.language_confidence is not None
    assert found.language_confidence > 0.6


@pytest.mark.parametrize("sentence", ["Δεν υπάρχουν πληροφορίες για θύματα.", "Никто не пострадал при пожаре."])
def test_a_sentence_in_another_alphabet_signs_nothing(sentence: str) -> None:
    assert signatures.signed_off(sentence) == ()
    assert signatures.signed_off("Анна Соболева") == ("Анна Соболева",)


def test_the_place_before_a_date_signs_nothing() -> None:
    removed = [Removed(text="PORT ALMER, 12 March 2026, 09:15", reason="boilerplate")]
    assert list(signatures.signed(removed, ())) == []


def test_the_sites_name_behind_a_colon_is_none_of_the_headline() -> None:
    assert headlines.without_site("港の橋が再開:みなと新報", None, (), frozenset({"みなと新報"})) == "港の橋が再開"


@pytest.mark.parametrize(
    "told", ["Enligt TT är läget lugnt.", "Laut TT ist es ruhig.", "Según TT, todo está en calma."]
)
def test_an_agency_is_named_as_giver_of_a_report_in_other_languages(told: str) -> None:
    assert lines.agencies_reporting(told) == ("TT",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("✅ Siga o canal do Harrow Post no WhatsApp", "newsletter"),
        ("👉 Lire aussi : La mer monte", "teaser"),
        ("«Lire aussi» est le titre de son livre.", None),
    ],
)
def test_pictures_before_a_line_do_not_hide_what_it_is(line: str, reason: str | None) -> None:
    assert lines.furniture(line) == reason
