"""Pages in languages whose scripts have no capitals, no spaces or other stops."""

import unicodedata
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.cleaner.body.outline import outline_of
from services.cleaner.clean import article_of
from services.cleaner.text import lines
from services.contracts import Article, PageMeta

META = PageMeta(
    url="https://example.org/1",
    final_url="https://example.org/1",
    fetched_at=datetime(2026, 10, 12, tzinfo=UTC),
    body_sha256="1",
)
CHINESE = (
    "港口谈判周三陷入停顿，此前一架无人机击沉了四艘巡逻艇。",
    "北方政府表示，袭击造成至少四十名水手死亡，另有十七人失踪。",
    "观察人士说，停火协议可能在本周内破裂，双方都指责对方首先开火。",
    "红岭军的发言人否认参与袭击，并呼吁国际社会派遣独立调查人员。",
)


def cleaned(page: str, kind: str = "html") -> Article:
    return article_of(page.encode(), META, content_type=f"text/{kind}; charset=utf-8")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ЧИТАЙТЕ ТАКЖЕ: На рынке снова стреляли", "teaser"),
        ("İLGİLİ HABERLER", "related"),
        ("相关阅读：港口谈判陷入停顿", "teaser"),
        ("分享到微信朋友圈", "share"),
        ("Komentarze (12)", "comments"),
        ("Με επιφύλαξη παντός δικαιώματος", "legal"),
        ("اقرأ أيضاً: محادثات الميناء", "teaser"),
        ("ये भी पढ़ें", "related"),
        ("無断転載を禁じます", "legal"),
        ("댓글 쓰기", "comments"),
        ("ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ", "related"),
        ("A LIRE EGALEMENT", "related"),
        ("© Diario del Valle S.L. Todos los derechos reservados.", "legal"),
        ("© Harzer Bote GmbH. Alle Rechte vorbehalten.", "legal"),
        ("© Nils Aro / Action Press", "credit"),
        ("Heb je een tip of opmerking?", "author_box"),
        ("Bu habere henüz yorum yapılmamış, ilk yorumu sen yap.", "comments"),
    ],
)
def test_furniture_is_known_by_its_words_in_many_languages(line: str, reason: str) -> None:
    assert lines.furniture(line) == reason


def test_each_row_of_furniture_says_what_no_other_does() -> None:
    rows = lines.rows("furniture.tsv")
    known: set[tuple[str, str]] = set()
    for _, how, words in rows:
        assert words == words.casefold(), f"no line, its case folded, has the words {words}"
        assert how == "start" or words.strip(" -–.:!()0123456789") == words, f"of a whole line no marks count: {words}"
        assert (how, words) not in known, f"{how} {words} stands there already, perhaps with accents"
        bare = "".join(c for c in unicodedata.normalize("NFD", words) if not unicodedata.combining(c))
        known |= {(how, words), (how, bare if bare < "\u0400" else words)}  # as Latin and Greek capitals are printed
    begun = {(reason, words) for reason, how, words in rows if how == "start" and reason != "cookie"}
    for reason, words in begun:  # of cookies a longer phrase says more: a notice may run to a paragraph
        shorter = {(reason, words[:at]) for at in range(1, len(words)) if words[at] in " :-–"}
        assert shorter.isdisjoint(begun), f"{words} begins as a shorter row does"


@pytest.mark.parametrize(
    "sentence",
    [
        "Soma zaidi ili ufanikiwe, waziri wa elimu aliwaambia wanafunzi siku ya Jumanne.",
        "Čitajte i pišite svaki dan, poručila je učenicima ministrica na otvaranju škole.",
        "Xem thêm một tập phim nữa là thói quen của nhiều người trẻ, theo khảo sát hôm thứ Ba.",
        "அதிகம் படிக்க விரும்பும் மாணவர்களுக்கு உதவித்தொகை வழங்கப்படும் என்று அமைச்சர் கூறினார்.",
        "Los comentarios son responsabilidad de quien los hace, respondió la alcaldesa.",
        "Do you have a tip for beginners?",
    ],
)
def test_a_sentence_of_news_is_no_furniture_for_its_first_words(sentence: str) -> None:
    assert lines.furniture(sentence) is None


def test_a_word_that_goes_on_is_no_furniture_where_words_have_spaces() -> None:
    assert lines.furniture("Перепечаткин приехал в порт") is None
    assert lines.furniture("Sharewords are words that we share") is None


def test_a_notice_of_rights_is_dated_and_a_story_of_rights_is_not() -> None:
    assert lines.furniture("Copyright 2026 Harrow Post. All rights reserved.") == "legal"
    assert lines.furniture("Copyright holders in Harrow have reserved a hall for Friday.") is None


def test_a_picture_before_an_invitation_hides_it_not_and_a_dash_says_that_somebody_speaks() -> None:
    assert lines.furniture("✅ Siga o canal do jornal") == "newsletter"
    assert lines.furniture("– Siga o canal do rio, disse Ana Reis.") is None


def test_a_chinese_line_counts_for_what_it_would_take_in_latin_letters() -> None:
    assert lines.breadth("Harbour talks stall") == 19
    assert lines.breadth("港口谈判陷入停顿") == 20
    assert lines.breadth("Переговоры в порту") == 18


def test_a_story_in_chinese_is_read_line_by_line_also_in_a_box_named_widget() -> None:
    story = "".join(f"<p>{line}</p>" for line in CHINESE * 5)
    pieces = outline_of(LexborHTMLParser(f"<div class='widget'>{story}</div>")).pieces
    assert [piece.text for piece in pieces] == list(CHINESE * 5)


def test_a_flattened_page_in_chinese_has_a_headline() -> None:
    article = cleaned("\n".join(["首页", "新闻", "港口谈判因无人机袭击陷入停顿", *CHINESE, "相关阅读"]), "plain")
    assert article.headline == "港口谈判因无人机袭击陷入停顿"
    assert article.body.endswith(CHINESE[-1])


@pytest.mark.parametrize(
    "line", ["Kaynak: İHA", "Källa: Kustnytt", "Источник: Степная правда", "Fonte: Diario del Valle"]
)
def test_a_line_that_names_its_source_is_a_credit_in_many_languages(line: str) -> None:
    assert lines.credit_line(line) == line
