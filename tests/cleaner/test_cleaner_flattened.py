"""A page whose markup was lost: each of its traits, on a page of our own and on the page this project began with."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cleaner.body import features
from services.cleaner.body.flattened import unwrapped
from services.cleaner.clean import article_of
from services.contracts import Article, PageMeta

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[3] / "shared" / "pages" / "000_e3faca802bfd7339.txt"
META = PageMeta(
    url="urn:sha256:1", final_url="urn:sha256:1", fetched_at=datetime(2026, 10, 12, tzinfo=UTC), body_sha256="1"
)


@pytest.fixture(scope="module")
def article() -> Article:
    return article_of((PAGES / "flattened.txt").read_bytes(), META, content_type="text/plain")


def test_the_headline_is_the_line_whose_words_return_in_the_story(article: Article) -> None:
    assert article.headline == "Harbour talks stall after drone strike sinks patrol boats"


def test_a_line_that_ends_in_a_credit_is_a_caption(article: Article) -> None:
    assert len(article.images) == 1
    assert article.images[0].caption == (
        "The Coastal Rights Monitor said at least 40 sailors died in the raid. "
        "Northern ally Veldania put the number at 17."
    )
    assert article.images[0].credit == "Reuters"


def test_place_and_time_above_the_story_are_its_dateline(article: Article) -> None:
    assert article.dateline is not None
    assert article.dateline.place == "Port Almer"
    assert article.dateline.datetime == "2021-03-03T09:05:00+05:30"
    assert article.published_from == "dateline"
    assert article.published_at == datetime.fromisoformat("2021-03-03T09:05:00+05:30")


def test_the_body_is_the_running_text(article: Article) -> None:
    assert article.body.startswith("The harbour talks appear close")
    assert article.body.endswith("without a statement.")
    kinds = [block.kind for block in article.blocks]
    assert kinds == ["paragraph", "paragraph", "paragraph", "list_item", "paragraph", "paragraph"]


def test_the_credit_line_is_kept_as_printed(article: Article) -> None:
    assert article.credit_line == "(Ours with inputs from agencies)"


def test_the_agency_that_the_text_names_as_reporter_is_a_source(article: Article) -> None:
    assert article.agencies == ("Reuters",)


def test_chrome_and_comment_furniture_are_left_out(article: Article) -> None:
    found = {piece.text: piece.reason for piece in article.removed}
    assert found["Skip to main content"] == "navigation"
    assert found["Home"] == "navigation"
    assert found["(Ours with inputs from agencies)"] == "credit"
    assert found["Show Comments"] == "comments"
    assert found["• delete"] == "comments"


def test_a_page_without_url_is_named_by_its_digest(article: Article) -> None:
    assert article.url == "urn:sha256:1"
    assert article.canonical_url is None
    assert article.host is None


def test_text_wrapped_by_hand_is_one_paragraph_again() -> None:
    wrapped = (
        "The harbour talks appear close to failure after a drone strike\n"
        "sank four patrol boats loyal to the northern government on a\nwindy Friday.\n\nA title\n"
    )
    assert len(unwrapped(wrapped)) == 2
    assert unwrapped(wrapped)[1] == "A title"


@pytest.mark.skipif(not SHARED.exists(), reason="the page this project began with is not at hand")
def test_the_page_this_project_began_with_is_read_whole() -> None:
    article = article_of(SHARED.read_bytes(), META, content_type="text/plain")
    assert article.headline is not None
    assert article.headline.split()[:3] == ["Syria", "truce", "frays"]
    assert article.dateline is not None
    assert article.dateline.place == "Beirut"
    assert article.published_at == datetime.fromisoformat("2016-09-18T13:57:00+05:30")
    assert article.published_from == "dateline"
    assert [block.kind for block in article.blocks] == ["paragraph"] * 15
    assert article.body.startswith("The Syrian cease-fire appears")
    assert article.body.endswith("killing one pilot.")
    assert article.images[0].credit == "AFP"
    caption = article.images[0].caption
    assert caption is not None
    assert caption.endswith("62.")
    assert article.credit_line == "(WION with inputs from agencies)"
    assert {"Skip to main content", "(WION with inputs from agencies)", "Show Comments", "• delete"} <= {
        piece.text for piece in article.removed
    }


def test_a_list_of_titles_is_written_otherwise_than_a_sentence() -> None:
    columns = features.of_flat(
        ["World Debates No Comment The Global Conversation", "The talks ended without a statement."]
    )
    assert columns["titled"].tolist() == [1, 1 / 6]
    assert columns["stops"].tolist() == [0, 1 / 6]
    assert columns["last"].tolist() == [0, 3]


HEAD = "Home\nNews\nSport\nWeather\nHarbour bridge opens again after nine weeks\nBy Ines Holt\n12 October 2026\n"
LEAD = "The harbour bridge in Fenmark opened again on Monday after nine weeks of repairs, the council said."
SECOND = "Two of its four piers had cracked in the storm of August, and divers worked in shifts to mend them."
THIRD = "“We are glad that it is done,” said Ada Lunn, who runs the bakery at its northern end."
LAST = "Buses will take their old way from Tuesday on, and lorries may follow at the end of the month."
FOOT = (
    "More stories\nFerry strike goes on\nCouncil seeks a mill\nTerms of use\n© 2026 Fenmark Post. All rights reserved."
)


def flattened_story(*between: str) -> str:
    whole = "\n".join([HEAD + LEAD, SECOND, *between, THIRD, LAST, FOOT])
    return article_of(whole.encode(), META, content_type="text/plain").body


@pytest.mark.parametrize(
    "between",
    [
        ["ADVERTISEMENT", "SCROLL TO CONTINUE WITH CONTENT"],
        ["Read also: Ferry to Ostrand is full again"],
        ["Read also", "Ferry to Ostrand is full again", "Herring are back in the Lune"],
        ["Allow X content?", "Accept and continue"],
        ["Divers at the northern pier. Photo: Bo Ek"],
    ],
)
def test_a_short_story_goes_on_behind_what_interrupts_it(between: list[str]) -> None:
    assert flattened_story(*between).split("\n\n") == [LEAD, SECOND, THIRD, LAST]


def test_other_stories_summaries_below_a_short_story_stay_out() -> None:
    below = [
        ["Share Pin", f"The mill of {town} was sold to a brewer on Friday, after many years of trade in flour."]
        for town in ("Ostrand", "Harrow", "Lune", "Mirow")
    ]
    others = "\n".join(["You may also like", *(line for pair in below for line in pair)])
    page = "\n".join([HEAD + LEAD, SECOND, THIRD, LAST, others, FOOT])
    assert article_of(page.encode(), META, content_type="text/plain").body.split("\n\n") == [LEAD, SECOND, THIRD, LAST]


def test_an_agency_signs_the_end_of_a_story_and_no_picture() -> None:
    signed = f"{LAST} (AFP)"
    page = "\n".join([HEAD + LEAD, SECOND, THIRD, signed, FOOT])
    article = article_of(page.encode(), META, content_type="text/plain")
    assert article.body.endswith(signed)
    assert article.images == ()


def flattened(*rows: str, url: str = "urn:sha256:1") -> Article:
    meta = replace(META, url=url, final_url=url)
    return article_of("\n".join(rows).encode(), meta, content_type="text/plain")


def test_a_summary_that_shares_more_words_with_the_story_is_no_headline() -> None:
    summary = "The harbour bridge has opened after nine weeks of repairs to two of its four piers in Fenmark on Monday."
    rows = ["Home", "Bridge open again", "12 October 2026", summary, "Share", LEAD, SECOND, THIRD, LAST]
    assert flattened(*rows, url="https://post.example/news/bridge-open-again-3412").headline == "Bridge open again"


def test_a_headline_with_which_the_story_would_begin_is_left_out_of_it() -> None:
    article = flattened("Harbour bridge in Fenmark opens again after repairs", LEAD, SECOND, THIRD, LAST)
    assert article.headline == "Harbour bridge in Fenmark opens again after repairs"
    assert article.body.split("\n\n") == [LEAD, SECOND, THIRD, LAST]


def test_the_short_first_sentence_of_a_story_without_headline_is_its_own() -> None:
    article = flattened("They opened the harbour bridge.", LEAD, SECOND, THIRD, LAST)
    assert article.headline is None
    assert article.body.startswith("They opened the harbour bridge.")


def test_two_lines_are_a_title_and_a_name_where_nothing_else_was_wrapped() -> None:
    assert unwrapped("Harbour bridge in Fenmark opens again after repairs\nAda Lunn") == [
        "Harbour bridge in Fenmark opens again after repairs",
        "Ada Lunn",
    ]


def test_paragraphs_of_two_lines_each_were_wrapped_where_a_second_goes_on() -> None:
    rows = ("Traders on the quay said they feared for their business, since most", "of their customers come on foot.")
    title = "Harbour bridge in Fenmark is closed\nafter cracks are found"
    assert unwrapped(f"{title}\n\n" + "\n".join(rows)) == [*title.split("\n"), " ".join(rows)]


def test_a_title_and_its_summary_of_one_long_line_were_not_wrapped() -> None:
    rows = [
        "Harbour bridge in Fenmark opens again after repairs",
        "Ferry strike goes on in Ostrand for a second week",
        f"{SECOND} {LAST}",
    ]
    assert unwrapped("\n".join(rows)) == rows


@pytest.mark.parametrize(
    "signature",
    [
        ["By", "Ines Holt"],
        ["Ines Holt", "Published: 12 October 2026"],
        ["12 October 2026", "Ines Holt", "Harbour editor"],
    ],
)
def test_a_name_between_headline_and_story_signs_it_below_a_by_or_beside_the_date(signature: list[str]) -> None:
    rows = ["Home", "Divers mend piers after storm in August", *signature, "Share", LEAD, SECOND, THIRD, LAST]
    assert flattened(*rows).bylines == ("Ines Holt",)


def test_a_headline_in_hindi_shares_words_with_the_story() -> None:
    lead = "नगर परिषद ने मंगलवार को दो खंभों में दरारें मिलने के बाद पुराने बंदरगाह पुल को बंद करने का फैसला किया।"
    second = "महापौर ने कहा कि गोताखोरों की जांच के दौरान बंदरगाह का पुल कम से कम छह सप्ताह तक बंद रहेगा।"
    assert flattened("होम", "बंदरगाह का पुल बंद", "3 मई 2026", lead, second).headline == "बंदरगाह का पुल बंद"


def test_a_place_of_the_story_beside_the_date_signs_nothing() -> None:
    head = ["Harbour bridge opens again after nine weeks", "Fenmark, Ostrand", "12 October 2026"]
    told = "The mayor of Fenmark and the ferrymen of Ostrand were the first to cross the bridge on foot on Monday."
    assert flattened(*head, LEAD, SECOND, THIRD, told).bylines == ()


def test_a_section_of_the_menu_beside_the_date_signs_nothing() -> None:
    head = ["Home", "Real Estate", "Harbour bridge opens again after nine weeks", "Real Estate", "12 October 2026"]
    assert flattened(*head, LEAD, SECOND, THIRD, LAST).bylines == ()


def test_a_section_beside_the_date_signs_nothing() -> None:
    rows = [
        "Harbour bridge opens again after nine weeks",
        "Harbour Bridge",
        "12 October 2026",
        LEAD,
        SECOND,
        THIRD,
        LAST,
    ]
    assert flattened(*rows).bylines == ()


def test_a_day_behind_a_by_without_name_signs_nothing() -> None:
    rows = ["Harbour bridge opens again after nine weeks", "Posted by on Monday, October 12, 2026", LEAD, SECOND, THIRD]
    assert flattened(*rows).bylines == ()


def test_a_short_story_begins_below_headline_and_signature_not_below_a_summary_above_them() -> None:
    title, summary = (
        "Harbour bridge opens again after nine weeks",
        "What divers found at the four piers in the harbour.",
    )
    rows = ["Home", title, summary, "By Ines Holt", LEAD, "Facts", "Built in 1911", SECOND, THIRD, LAST]
    assert flattened(*rows).body.split("\n\n") == [LEAD, SECOND, THIRD, LAST]


def test_a_headline_that_is_a_sentence_is_known_by_its_address_and_goes_where_the_story_begins_with_it_again() -> None:
    title = "Divers mend the old harbour bridge in Fenmark."
    for rows in ([title, LEAD, SECOND, THIRD, LAST], [title, "Share", title, LEAD, SECOND, THIRD, LAST]):
        article = flattened(*rows, url="https://post.example/news/divers-mend-the-old-harbour-bridge-in-fenmark")
        assert article.headline == title
        assert article.body.split("\n\n") == [LEAD, SECOND, THIRD, LAST]


@pytest.mark.parametrize(
    "line", ["4 minutos de lectura", "This article was published today at 6:41 a.m.", "Tekst gaat verder onder de foto"]
)
def test_what_is_printed_around_a_story_in_text_is_no_part_of_it(line: str) -> None:
    assert flattened_story(line).split("\n\n") == [LEAD, SECOND, THIRD, LAST]


def test_a_text_that_is_nothing_but_a_short_story_keeps_its_last_line() -> None:
    article = flattened("Divers mend the harbour bridge in Fenmark", LEAD, SECOND, THIRD, LAST)
    assert article.body.endswith(LAST)
