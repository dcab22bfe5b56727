"""What stands around a story's boxes: other stories, words beside pictures, headings of what is left out."""

from datetime import UTC, datetime

import pytest

from services.cleaner.clean import article_of
from services.cleaner.text import lines, signatures
from services.contracts import Article, PageMeta

META = PageMeta(
    url="https://www.valecourier.example/x",
    final_url="https://www.valecourier.example/news/the-wall-at-tarn",
    fetched_at=datetime(2026, 10, 12, 12, tzinfo=UTC),
    body_sha256="0",
)
FIRST = (
    "The council of Vale met on Monday to hear what had become of the wall at Tarn, which failed twice in a year.",
    "“We were told in spring that the wall would hold, and in autumn it did not,” said Mara Quill, a neighbour.",
    "Engineers will look at the wall again in May, and the council has set aside the money for what they may find.",
)
SECOND = (
    "Two boats that left the quay of Port Almer on Sunday were found adrift by a tanker on Monday morning.",
    "The four men on board had burned their oars to keep warm, said the captain of the tanker, Odo Lind.",
)
MORE = (
    *SECOND,
    "They were taken to the hospital of Kessel, where doctors said that they would be kept for two nights.",
    "The coast guard said that neither boat carried a radio, and that the owner of both would be questioned.",
)


def told(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def cleaned(page: str) -> Article:
    head = "<meta charset=utf-8><title>The wall at Tarn</title>"
    return article_of(f"<html><head>{head}</head><body>{page}</body></html>".encode(), META, content_type="text/html")


def paragraphs(page: str) -> list[str]:
    return cleaned(page).body.split("\n\n")


def story(headline: str, texts: tuple[str, ...], *, tag: str = "h1", day: str = "12 October 2026") -> str:
    head = f"<{tag} class='Head_title__k2'>{headline}</{tag}><div class='Head_day__k2'>{day}</div>"
    return f"<div class='Page_story__x1'>{head}<div class='Page_text__x1'>{told(texts)}</div></div>"


@pytest.mark.parametrize("day", ["12 October 2026", "12 October 2026 - Politics", "October 12, 2026 by Ines Holt"])
@pytest.mark.parametrize("tag", ["h1", "h2"])
def test_whole_stories_below_the_pages_own_are_others(tag: str, day: str) -> None:
    stories = story("The wall at Tarn", FIRST, day=day) + story("Four men found adrift", SECOND, tag=tag, day=day)
    assert paragraphs(f"<div>{stories}</div>") == list(FIRST)


def test_entries_below_a_headline_that_stands_above_them_all_are_the_story() -> None:
    page = f"<h1>The wall at Tarn</h1><div>{story('The morning', FIRST)}{story('Four men found adrift', SECOND)}</div>"
    assert {*FIRST, *SECOND} <= set(paragraphs(page))


def test_parts_of_one_story_that_no_day_heads_are_the_story() -> None:
    page = f"<div>{story('The wall at Tarn', FIRST)}{story('The boats', SECOND, tag='h2', day='')}</div>"
    assert {*FIRST, *SECOND} <= set(paragraphs(page))


def test_a_line_alone_with_a_picture_is_its_caption() -> None:
    picture = "<div class=a7><img src=wall.jpg><span>The wall seen from the quay on Monday morning.</span></div>"
    page = f"<article><h1>The wall at Tarn</h1><div>{told(FIRST[:1])}{picture}{told(FIRST[1:])}</div></article>"
    assert paragraphs(page) == list(FIRST)


def test_a_paragraph_that_begins_with_a_picture_is_no_caption() -> None:
    first = f"<p><img src=wall.jpg>{FIRST[0]}</p>"
    page = f"<article><h1>The wall at Tarn</h1><div>{first}{told(FIRST[1:])}</div></article>"
    assert paragraphs(page) == list(FIRST)


def test_a_heading_goes_with_all_that_it_heads() -> None:
    box = (
        "<div class=call><h3>Do you know more about the walls of our coast?</h3><p>Subscribe to write to us.</p></div>"
    )
    page = f"<article><h1>The wall at Tarn</h1><div>{told(FIRST[:2])}{box}{told(FIRST[2:])}</div></article>"
    assert paragraphs(page) == list(FIRST)


def test_a_small_box_with_a_heading_of_its_own_tells_facts_beside_the_story() -> None:
    box = "<div class=x9><h3>Walls of the coast</h3><p>There are nine of them. The oldest was built in 1811.</p></div>"
    page = f"<article><h1>The wall at Tarn</h1><div>{told(FIRST)}{box}{told(SECOND)}</div></article>"
    assert paragraphs(page) == [*FIRST, *SECOND]


def test_a_story_made_of_boxes_with_headings_is_kept_whole() -> None:
    boxes = "".join(f"<div class=x9><h3>Wall {at}</h3><p>{text}</p></div>" for at, text in enumerate(FIRST + SECOND))
    assert {*FIRST, *SECOND} <= set(paragraphs(f"<article><h1>The wall at Tarn</h1><div>{boxes}</div></article>"))


def test_a_box_with_several_headings_is_the_storys() -> None:
    box = (
        "<div class=x9><h3>For four people</h3><p>Two pounds of cod and a leek.</p>"
        "<h3>How it is done</h3><p>The cod is cooked in milk for an hour.</p></div>"
    )
    page = f"<article><h1>The wall at Tarn</h1><div>{told(FIRST)}{box}{told(SECOND)}</div></article>"
    assert "The cod is cooked in milk for an hour." in paragraphs(page)


def test_headings_of_a_live_blogs_entries_are_kept_also_above_their_authors() -> None:
    entries = [("Wall gives way", FIRST), ("Boats adrift", SECOND)]
    posts = "".join(
        f"<div class=post><span>{at} hr ago</span><h2 class=post-head>{head}</h2><p class=post-byline>By Ines Holt</p>"
        f"<div>{told(texts)}</div><div class=share>Link Copied!</div></div>"
        for at, (head, texts) in enumerate(entries)
    )
    body = paragraphs(f"<h1>The wall at Tarn</h1><div class=live>{posts}</div>")
    assert {"Wall gives way", "Boats adrift"} <= set(body)


def test_a_part_of_a_story_may_be_headed_by_an_h1_of_its_own() -> None:
    story = f"{told(FIRST)}<h1 class=mf>The numbers turned</h1>{told(SECOND)}"
    assert "The numbers turned" in paragraphs(f"<article><h1 class=title>The wall at Tarn</h1>{story}</article>")


def test_a_heading_in_boxes_of_its_own_heads_what_stands_in_the_next() -> None:
    parts = (f"<div class=item><div class=part>{part}</div></div>" for part in (told(FIRST), told(SECOND)))
    heading = "<div class=item><div class=part><h2 class=item>Two boats adrift</h2></div></div>"
    page = f"<article><h1>The wall at Tarn</h1><div>{heading.join(parts)}</div></article>"
    assert "Two boats adrift" in paragraphs(page)


@pytest.mark.parametrize(
    "line", ["[ <a href=/b>Two boats were found adrift off Port Almer</a> ]", "quill@vale.example"]
)
def test_a_link_in_brackets_and_a_lone_address_are_no_part_of_the_story(line: str) -> None:
    page = f"<article><h1>The wall at Tarn</h1><div>{told(FIRST)}<p>{line}</p>{told(SECOND)}</div></article>"
    assert paragraphs(page) == [*FIRST, *SECOND]


def test_the_last_short_sentence_of_a_story_is_kept() -> None:
    story = told((*FIRST, *SECOND, "We set out at four."))
    page = (
        f"<article><h1>The wall at Tarn</h1><div>{story}</div><p class=foot>Ines Holt writes from Tarn.</p></article>"
    )
    assert paragraphs(page)[-1] == "We set out at four."


@pytest.mark.parametrize(
    "line",
    [
        "Follow the Vale Courier channel on WhatsApp",
        "Urmărește Curierul Văii și pe Google News",
        "Ege Postası'nı Google News'te takip edin",
        "Подписывайтесь на наш Telegram-канал, чтобы быть в курсе событий!",
        "Siga o Diário do Vale no Instagram.",
    ],
)
def test_a_line_that_asks_to_be_followed_somewhere_is_an_appeal(line: str) -> None:
    assert lines.appeals(line)


@pytest.mark.parametrize(
    "line",
    [
        "Facebook told its users on Monday to follow the rules.",
        "Follow the river down to Port Almer and you will see the wall.",
        f"Join the queue, the mayor said on Facebook, for {'nobody knows how long the flour will last, ' * 5}",
    ],
)
def test_a_sentence_of_news_is_no_appeal(line: str) -> None:
    assert not lines.appeals(line)


def test_component_names_of_a_publishing_system_ask_for_no_consent() -> None:
    parts = "".join(f"<div class='text'><div class='cmp-text'><p>{text}</p></div></div>" for text in FIRST + SECOND)
    page = f"<div class='cmp-container'><div class='cmp-title'><h1>The wall at Tarn</h1></div>{parts}</div>"
    assert paragraphs(page) == [*FIRST, *SECOND]


@pytest.mark.parametrize(
    ("lead", "names"),
    [
        ("江望网10月12日电（记者 李晓明 王平）港口的新桥当天通车，市民说等了三年。", ["李晓明", "王平"]),
        ("[강변일보 김서윤 기자] 12일 오후 항구에서 새 다리가 열렸다고 시가 밝혔다.", ["김서윤"]),
        ("港口的新桥当天通车，多名记者到场。", []),
        ("The wall at Tarn (reporter Ines Holt)", []),
    ],
)
def test_the_reporters_in_brackets_before_a_storys_first_words_are_read(lead: str, names: list[str]) -> None:
    assert signatures.reporters(lead) == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Like many in Tarn, Quill learned of the strike from Telegram.",
        "Follow the money, the prosecutor wrote on Facebook.",
        "Entre los detenidos está el administrador de un canal de Telegram, informó la policía.",
        "Segui la vicenda fin dall'inizio, scrisse su Facebook il sindaco.",
        "Следите за детьми, написал губернатор в телеграм-канале.",
    ],
)
def test_a_sentence_about_a_channel_is_no_appeal_to_follow_the_paper(sentence: str) -> None:
    page = f"<article><h1>The wall at Tarn</h1>{told((*FIRST[:2], sentence, *SECOND))}</article>"
    assert sentence in paragraphs(page)


@pytest.mark.parametrize(
    "sentence",
    [
        "Dodał: „Nie poddamy się i wrócimy do Tarn”.",
        "Źródło: w ataku zginęło trzech żołnierzy.",
        "Источник: взрыв произошёл на складе боеприпасов в Тарне.",
        "Publié par le ministère, le rapport accuse deux généraux de crimes de guerre.",
        "Créé le 3 mai 1998, le parti compte vingt mille membres et trois députés.",
        "Γράφει η εφημερίδα ότι η κυβέρνηση θα πέσει.",
        "Kilde: tre dræbt i angreb ved grænsen.",
    ],
)
def test_a_sentence_that_begins_as_signatures_do_is_none(sentence: str) -> None:
    assert lines.furniture(sentence) is None
    assert lines.credit_line(sentence) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Publié par Jean Dorel.", "byline"),
        ("Dernière mise à jour : le samedi 3 mai 2013 à 10 h 30 par la rédaction.", "dateline"),
        ("Źródło: Agencja Tarn", "credit"),
    ],
)
def test_a_signature_may_end_as_sentences_do(line: str, reason: str) -> None:
    assert lines.furniture(line) == reason


def test_paragraphs_that_begin_with_a_link_and_go_on_are_no_teasers() -> None:
    named = "<a href=/odo-lind>Odo Lind of Kessel</a> said that the wall of yard {} would not hold another winter."
    page = f"<article><h1>The wall at Tarn</h1>{told(FIRST)}{told(tuple(map(named.format, 'ABC')))}</article>"
    assert len(paragraphs(page)) == len(FIRST) + 3


def test_a_part_with_a_heading_below_the_story_is_no_box_of_facts() -> None:
    page = (
        f"<article><h1>The wall at Tarn</h1>{told(FIRST)}{told(SECOND)}"
        "<section><h2>The second failure</h2><p>The wall fell again in autumn, when the river stood high.</p>"
        "<p>Forty families had to leave their houses for a week.</p></section></article>"
    )
    assert paragraphs(page)[-1] == "Forty families had to leave their houses for a week."


def test_the_subject_of_a_story_says_nothing_about_its_box() -> None:
    page = f'<article class="post category-komentari tag-reklama"><h1>The wall at Tarn</h1>{told(FIRST)}</article>'
    assert paragraphs(page) == list(FIRST)


def test_a_section_with_a_heading_amid_the_story_is_no_box_of_facts() -> None:
    part = (
        "<section><h2>The second failure</h2><p>The wall fell again in autumn, when the river stood high.</p></section>"
    )
    page = f"<article><h1>The wall at Tarn</h1>{told(FIRST)}{part}{told(SECOND)}</article>"
    assert "The wall fell again in autumn, when the river stood high." in paragraphs(page)


def test_a_part_with_a_heading_in_a_box_of_its_own_amid_the_story_is_no_box_of_facts() -> None:
    part = (
        "A survey in September found hairline cracks in two of the piers. Engineers from the contractor, Loris Works, "
        "said the stone had been weakened by salt water, which had pooled behind it since drains were moved in 2011."
    )
    box = f"<div class='wp-block-group has-background'><h2>What did the engineers find?</h2><p>{part}</p></div>"
    below = told((*SECOND, *(text.replace("Monday", "Tuesday").replace("wall", "bank") for text in FIRST)))
    page = f"<h1>The wall at Tarn</h1><div class='entry-content wp-block-post-content'>{told(FIRST)}{box}{below}</div>"
    assert part in paragraphs(f"<main>{page}</main>")


def test_two_boxes_that_ask_are_answered_by_the_story() -> None:
    boxes = [
        f"<div class=soru><h3>{ask}</h3><p>{answer}</p></div>"
        for ask, answer in (
            ("Is it safe?", "No, says the harbour."),
            ("When is it mended?", "In May, if it stays dry."),
        )
    ]
    page = f"<main><h1>The wall at Tarn</h1><div>{told(FIRST)}{''.join(boxes)}{told(SECOND)}</div></main>"
    assert {"Is it safe?", "In May, if it stays dry."} <= set(paragraphs(page))


def test_the_head_of_a_table_amid_the_story_is_no_heading_of_facts() -> None:
    rows = "".join(
        f"<tr><td>{name}</td><td>{votes}</td></tr>" for name, votes in (("Ada Brill", "6,104"), ("Lon", "88"))
    )
    table = f"<div class=wrap><table><tr><th><b>Name</b></th><th><b>Votes</b></th></tr>{rows}</table></div>"
    page = f"<main><h1>The wall at Tarn</h1><div>{told(FIRST)}{table}{told(SECOND)}</div></main>"
    assert "Ada Brill" in paragraphs(page)


@pytest.mark.parametrize("name", ["opinion-comment comment-article", "article article--comment"])
def test_an_opinion_piece_is_no_readers_comment(name: str) -> None:
    readers = (
        "<div class=comments><h3>Your view</h3><div class=comment><p>Well said, and about time too.</p></div></div>"
    )
    article = f"<article class='{name}'><h1>The wall at Tarn</h1><div class=comment-text>{told(FIRST + SECOND)}</div>"
    assert paragraphs(f"{article}{readers}</article>") == [*FIRST, *SECOND]


def test_the_last_letter_keeps_its_signature() -> None:
    names = ("Ada Brill, Tarn", "A walker on the mole", "Lon Wick, father of two")
    letters = "".join(
        f"<div class=letter><h3>Letter {at}</h3><p>{text}</p><p class=signed>{name}</p></div>"
        for at, (text, name) in enumerate(zip((*FIRST[:1], *SECOND), names, strict=True))
    )
    page = f"<main><article><h1>Letters to the editor</h1>{letters}</article></main>"
    assert set(names) <= set(paragraphs(page))


@pytest.mark.parametrize("name", ["comment-text", "comment__body"])
def test_a_part_of_an_opinion_piece_is_no_readers_comment(name: str) -> None:
    article = f"<article class=comment><h1>The wall at Tarn</h1><div class={name}>{told(FIRST)}</div></article>"
    readers = "".join(f"<div class=comment><p>{said}</p></div>" for said in SAID)
    teasers = "".join(f"<div class=card><h4><a href=/b>On the coast</a></h4><p>{text}</p></div>" for text in MORE * 2)
    assert paragraphs(f"<div><main>{article}{readers}</main><aside>{teasers}</aside></div>") == list(FIRST)


def test_readers_comments_may_have_an_h1_of_their_own() -> None:
    readers = "".join(
        f"<div class=entry><b>{name}</b><p>{said}</p></div>" for name, said in zip("ab", SAID, strict=True)
    )
    box = f"<section class=user-comments><h1>Comments on The wall at Tarn</h1>{readers}</section>"
    page = f"<main><article><h1>The wall at Tarn</h1>{told(FIRST)}</article>{box}</main>"
    assert paragraphs(page) == list(FIRST)


@pytest.mark.parametrize("name", ["newsletterbox", "more-from-vale", "relatedstory", "advertbox", "sharebuttonbar"])
def test_a_class_may_begin_with_a_word_that_says_furniture(name: str) -> None:
    box = f"<section class={name}><p>The best of the coast, chosen by those who live on it.</p></section>"
    page = f"<div><h1>The wall at Tarn</h1>{told(FIRST[:1])}{box}{told(FIRST[1:] + SECOND)}</div>"
    assert paragraphs(page) == [*FIRST, *SECOND]


def test_a_box_named_as_a_storys_body_is_the_storys_though_teasers_are_longer() -> None:
    body = f"<div class='sidebar-layout post-content'>{told(FIRST[:2])}</div>"
    teasers = "".join(
        f"<div class=it><h4><a href=/{text[:3]}>On the coast</a></h4><p>{text}</p></div>" for text in MORE
    )
    page = f"<div class=cols><div class=c1><h1>The wall at Tarn</h1>{body}</div><div class=c2>{teasers}</div></div>"
    assert set(FIRST[:2]) <= set(paragraphs(page))


@pytest.mark.parametrize("hidden", ["hidden", "aria-hidden=true", "style='display:none'"])
def test_a_short_story_is_not_read_with_what_is_hidden_beside_it(hidden: str) -> None:
    box = (
        f"<div {hidden}><h2>Support us</h2><p>We have told the story of this coast for ninety years, and can do "
        "so only because readers like you pay for it.</p><p>Give what you can, from two crowns a month.</p></div>"
    )
    assert paragraphs(f"<main><h1>The wall at Tarn</h1>{told(FIRST[:1])}</main>{box}") == [FIRST[0]]


def test_a_quotation_in_a_box_named_so_is_told_once() -> None:
    said = "We shall build it higher and we shall build it of stone"
    story = [f"“{said},” said the mayor, Una Prell, to the people on the quay of Tarn on Monday.", *FIRST]
    box = f"<div class=c-pullquote><p>“{said}”</p></div>"
    page = f"<main><h1>The wall at Tarn</h1><article>{told((*story[:2],))}{box}{told((*story[2:],))}</article></main>"
    assert paragraphs(page) == story


SAID = (
    "They have known about that wall for fifteen years and nobody lifted a finger until it fell.",
    "My cousin was on the bus and says the driver kept his head better than all of the council.",
)


@pytest.mark.parametrize("names", [("comment even", "comment odd"), ("comment-item", "user-comment")])
def test_readers_comments_inside_an_opinion_piece_are_no_part_of_it(names: tuple[str, str]) -> None:
    readers = " ".join(f"<div class='{name}'><p>{text}</p></div>" for name, text in zip(names, SAID, strict=True))
    page = f"<article class=opinion-comment><h1>The wall at Tarn</h1>{told(FIRST + SECOND)}{readers}</article>"
    assert paragraphs(page) == [*FIRST, *SECOND]
