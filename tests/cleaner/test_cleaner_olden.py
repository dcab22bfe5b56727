"""Pages as they were made before HTML 5: layout tables, bare text between line breaks, furniture without names."""

import pytest

from services.cleaner.clean import article_of
from services.cleaner.text import lines
from services.contracts import Article
from tests.cleaner.test_cleaner_html import META

STORY = (
    "At least 31 people have died of cholera in the flooded delta south of Port Anselm, officials said on Tuesday.",
    "Most of the victims are children under five, according to Dr Samuel Adeyo, who heads the provincial hospital.",
    "Three weeks of rain have left more than 200 wells under water, and families drink from the river.",
    "Aid workers of the Meridian Relief Fund have set up tents on the only road that is still dry.",
)
OTHERS = (
    ("Minister quits over flat in Marbledon", "The transport minister resigned after a builder had paid for his flat."),
    ("Ferry sinks off Quillan coast", "More than sixty people are missing after a ferry went down in heavy seas."),
    ("Oil price climbs to record high", "Crude rose above 98 dollars a barrel as traders feared a cold winter."),
    ("Rovers sign striker for record fee", "The club has paid four million for the striker, who scored 17 goals."),
)


def cleaned(cell: str, beside: str = "") -> Article:
    page = (
        "<html><head><title>Cholera kills 31 in delta</title></head><body><table><tr><td>"
        f"<font size=5><b>Cholera kills 31 in delta</b></font><br><br>{cell}</td><td>{beside}</td></tr></table>"
    )
    return article_of(page.encode(), META, content_type="text/html")


def body_of(cell: str, beside: str = "") -> list[str]:
    return cleaned(cell, beside).body.split("\n\n")


BARE = "<br><br>".join(STORY)


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td><a href=/{at}>{title}</a><br>{summary}</td></tr>",
        "<tr><td>&bull; <a href=/{at}>{title}</a> - {summary}</td></tr>",
        "<tr><td><b><a href=/{at}>{title}</a></b></td></tr><tr><td>{summary}</td></tr>",
    ],
)
def test_other_stories_with_a_sentence_each_are_no_part_of_the_story_beside_them(row: str) -> None:
    rows = "".join(row.format(at=at, title=title, summary=summary) for at, (title, summary) in enumerate(OTHERS))
    assert body_of(BARE, f"<table><tr><td>Latest</td></tr>{rows}</table>") == list(STORY)


def test_paragraphs_that_begin_with_a_link_in_mid_story_stay() -> None:
    linked = [f"<a href=/{at}>{text[:30]}</a>{text[30:]}" for at, text in enumerate(STORY)]
    assert body_of("<br><br>".join([STORY[2], *linked[:2], STORY[3]])) == [STORY[2], STORY[0], STORY[1], STORY[3]]


def test_a_list_of_links_with_a_sentence_each_is_the_story_of_a_page_that_has_nothing_else() -> None:
    rows = "".join(f"<p><a href=/{at}>{title}</a>: {summary}</p>" for at, (title, summary) in enumerate(OTHERS))
    assert OTHERS[0][1] in cleaned(rows).body


def test_what_stands_below_the_label_of_the_comments_is_theirs_though_nothing_names_their_box() -> None:
    said = "<p><b>tracy</b> 3 May<br>I have lived there for twenty years and nobody ever repaired anything.</p>" * 2
    assert body_of(f"{BARE}<hr><b>Comments:</b>{said}<a href=/add>Add a comment</a>") == list(STORY)


def test_comments_above_the_story_are_a_link_to_them() -> None:
    assert body_of(f"<p>Comments (3)</p>{BARE}") == list(STORY)


@pytest.mark.parametrize(
    "head",
    ["Posted by admin 14 August 2007 @ 10:24:13 CET", "By Harriet Olmsworth", "Tuesday, 14 August 2007"],
)
def test_a_signature_or_a_day_above_one_line_break_is_no_part_of_the_first_paragraph(head: str) -> None:
    assert body_of(f"{head}<br>{BARE}") == list(STORY)


def test_a_paragraph_that_says_when_it_was_posted_is_no_story_at_any_length() -> None:
    posted = (
        "This entry was posted on 14 August 2007 at 8:15 am and is filed under World. You can follow any responses to "
        "this entry through the feed. You can leave a response, or trackback from your own site, as long as you wish "
        "to and the site is there to take it."
    )
    assert len(posted) > lines.LONGEST_FURNITURE
    assert lines.furniture(posted) == "dateline"
    assert lines.furniture("Published on Monday, the report says that " + STORY[0] + STORY[1]) is None


def headed(title: str, head: str, around: str = "") -> Article:
    page = (
        f"<html><head><title>{title}</title></head><body>{around}<table><tr><td>{head}<br><br>{BARE}</td></tr></table>"
    )
    return article_of(page.encode(), META, content_type="text/html")


@pytest.mark.parametrize(
    ("title", "around"),
    [
        ("The Vale Courier &raquo; Blog Archive &raquo; Cholera kills 31", "<h1><a href=/>The Vale Courier</a></h1>"),
        ("The Vale Courier: Cholera kills 31", '<h1><a href="index.php">The Vale Courier</a></h1>'),
        ("The Vale Courier of Tarn and Orrin - World - Cholera kills 31", ""),
    ],
)
def test_the_part_of_the_title_that_the_page_shows_above_the_story_is_the_headline(title: str, around: str) -> None:
    article = headed(title, "<h2>Cholera kills 31</h2>", around)
    assert article.headline == "Cholera kills 31"
    assert article.body == "\n\n".join(STORY)


@pytest.mark.parametrize("head", ["<font size=5><b>{}</b></font>", "<div class=title_big>{}</div>", "<h3>{}</h3>"])
def test_under_a_title_that_is_the_same_on_every_page_the_line_set_apart_above_the_story_is_the_headline(
    head: str,
) -> None:
    said = "Cholera kills 31 in the delta"
    article = headed("Untitled Document", f"{head.format(said)}<br><br><i>14 August 2007</i>")
    assert article.headline == said
    assert article.body == "\n\n".join(STORY)


def test_a_title_that_stands_above_the_story_is_the_headline_beside_other_strong_lines() -> None:
    article = headed(
        "Cholera kills 31 in delta", "Cholera kills 31 in delta<br><br><b>Aid is on its way to the south</b>"
    )
    assert article.headline == "Cholera kills 31 in delta"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("25 novembre 2009, par Lucie Perrault", "Lucie Perrault"),
        ("Dodał: Katarzyna Wrońska", "Katarzyna Wrońska"),
        ("2010-7-19 10:22 来源：青阳日报 作者：陈思远 点击：311次", "陈思远"),
    ],
)
def test_systems_of_the_time_sign_in_these_words(line: str, name: str) -> None:
    assert headed("Cholera kills 31", f"<h1>Cholera kills 31</h1><p>{line}</p>").bylines == (name,)


def test_the_name_above_a_comment_signs_no_story() -> None:
    said = "<p>Elena Pavlova 15.07.2008 12:33</p><p>I live there and nobody told us anything at all about it.</p>"
    page = f"<html><body><h1>Cholera kills 31</h1>{BARE}<hr><b>Comments</b>{said}"
    assert article_of(page.encode(), META, content_type="text/html").bylines == ()


def test_the_day_of_the_last_change_dates_a_page_that_gives_no_other() -> None:
    article = headed("Cholera kills 31", "<h1>Cholera kills 31</h1><p>更新时间：2007-12-5</p>")
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2007-12-05"
    article = headed("Cholera kills 31", "<h1>Cholera kills 31</h1><p>3 May 2007</p><p>Last updated: 4 June 2007</p>")
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2007-05-03"


def test_titles_and_summaries_in_turn_are_others_though_a_stray_line_follows() -> None:
    rows = "".join(f"<div><a href=/{at}>{title}</a></div><div>{text}</div>" for at, (title, text) in enumerate(OTHERS))
    told = "".join(f"<div>{text}</div>" for text in STORY)
    stray = "<div>Aries: a letter brings good news.</div>"
    assert set(body_of(told, f"{rows}{stray}")).isdisjoint(text for _, text in OTHERS)


def test_briefs_that_begin_with_a_link_stay_between_a_greeting_and_a_farewell() -> None:
    briefs = [f"<a href=/{at}>{title}</a> as {text[0].lower()}{text[1:]}" for at, (title, text) in enumerate(OTHERS)]
    body = cleaned("<br><br>".join(["Good morning, this is the news of Tuesday.", *briefs, *STORY])).body
    assert all(text[1:] in body for _, text in OTHERS)


def test_a_layout_table_with_a_story_in_short_paragraphs_is_no_table_of_data() -> None:
    told = "<br><br>".join(f"The river rose {n} feet in the night at Tarn." for n in range(2, 8))
    cells = "".join(
        f"<tr><td>{title}</td></tr>" for title in ("Weather", "Markets", "Jobs", "Homes", "Cars", "Letters")
    )
    assert "Markets" not in cleaned(told, f"<table>{cells}</table>").body


def test_a_sections_name_that_runs_into_the_headline_is_no_text() -> None:
    article = headed(
        "Cholera kills 31 in the delta - The Vale Courier", "<i>World</i><br>Cholera kills 31 in the delta"
    )
    assert article.headline == "Cholera kills 31 in the delta"
    assert article.body == "\n\n".join(STORY)


def test_the_readers_own_day_in_the_masthead_dates_no_story() -> None:
    today = "<table><tr><td class=date>11 October 2026</td></tr></table>"
    article = headed("Cholera kills 31", "<b>Cholera kills 31</b><br><br>By Ann Lee - 14 August 2007", today)
    assert article.published_at is not None
    assert article.published_at.date().isoformat() == "2007-08-14"


def test_a_line_above_a_date_heads_the_story_under_a_fixed_title() -> None:
    said = "Cholera kills 31 in the delta"
    assert headed("Untitled Document", f"{said}<br><br>14 August 2007").headline == said


def test_a_line_that_dates_the_story_below_its_headline_is_a_piece_of_its_own() -> None:
    article = headed("Untitled Document", "<b>Cholera kills 31 in the delta</b><br>14 August 2007")
    assert article.headline == "Cholera kills 31 in the delta"
    assert article.published_at is not None
    assert article.body == "\n\n".join(STORY)


@pytest.mark.parametrize("indent", ["&nbsp;&nbsp;&nbsp;", "　　"])
def test_an_indented_line_begins_a_paragraph(indent: str) -> None:
    assert body_of(f"<br>{indent}".join(STORY)) == list(STORY)
    assert body_of("<br>".join(STORY)) == [" ".join(STORY)]
