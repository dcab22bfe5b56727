"""Kinds of pages: what each of them holds besides paragraphs is kept, what only stands beside the story is not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.cleaner.clean import article_of
from services.contracts import Article, PageMeta
from services.stage import Reason, Rejected

ADDRESS = "https://www.harrowpost.example/news/lune-bridge"
META = PageMeta(
    url=ADDRESS,
    final_url=ADDRESS,
    fetched_at=datetime(2026, 10, 12, 12, tzinfo=UTC),
    body_sha256="0",
    charset_used="utf-8",
)
TOP = """<header><nav><ul><li><a href=/>Home</a></li><li><a href=/w>World</a></li><li><a href=/s>Sport</a></li></ul>
</nav></header>"""
BELOW = """<aside class="related"><h2>More stories</h2><ul><li><a href=/1>Ferry strike enters its second week</a></li>
<li><a href=/2>Council seeks a new mill for Ostrand</a></li><li><a href=/3>Why the herring came back</a></li></ul>
</aside><footer><p>© 2026 Harrow Post. All rights reserved.</p><a href=/terms>Terms of use</a></footer>"""
LEAD = """The old bridge over the Lune was closed to all traffic on Monday after divers found cracks in two of its four
piers, the county's engineers said."""
SECOND = """Some 9,000 vehicles cross the bridge on an ordinary day, and the next crossing is at Ostrand, nineteen
kilometres to the north. Buses will be sent that way from Tuesday."""
LAST = """The county expects a first report by the end of the month, and said that it would decide then whether the
piers can be mended or have to be built anew."""


def read(story: str, *, head: str = "", html: str = "<html lang=en>") -> Article:
    title = "Lune bridge closed after cracks are found"
    page = f"""<!doctype html>{html}<head><title>{title} - Harrow Post</title>
    <meta property="og:title" content="{title}">{head}</head><body>{TOP}<main><article><h1>{title}</h1>
    {story}</article></main>{BELOW}</body></html>"""
    return article_of(page.encode(), META, content_type="text/html")


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def bare(text: str) -> str:
    return " ".join(text.split())


def test_every_entry_of_a_live_blog_is_kept_in_order() -> None:
    told = [
        "Good morning. Both lanes of the bridge are closed, and the police ask drivers to stay away from the old town.",
        "The mayor of Ostrand has offered the town's two ferries, which can carry forty cars an hour between them.",
        "Divers are back in the water. Their report on the third pier is expected before nightfall, we are told.",
    ]
    entries = "".join(
        f'<div class="liveblog-entry"><time>{9 + at}:1{at}</time><h2>Update {at}</h2><p>{text}</p></div>'
        for at, text in enumerate(told)
    )
    body = read(f'{paragraphs(LEAD)}<div class="liveblog">{entries}</div>').body
    places = [body.find(text) for text in told]
    assert -1 not in places
    assert places == sorted(places)


def test_short_questions_of_an_interview_are_kept_with_their_answers() -> None:
    asked = "How long will it be closed?"
    story = f"""<p>{LEAD}</p><p><strong>{asked}</strong></p><p>Three weeks at the least. We have to wait until the water
    falls before anybody can look at the foot of the piers, and it falls late this year.</p>
    <p><strong>Who pays?</strong></p><p>The county does, and the insurers will be asked for their part once it is known
    what did the damage.</p>"""
    body = read(story).body
    assert asked in body
    assert "Who pays?" in body


def test_a_list_and_the_quotation_in_a_story_are_kept_as_what_they_are() -> None:
    story = f"""{paragraphs(LEAD)}<p>Three roads are affected:</p><ul><li>the coast road between Harrow and Penn,
    closed to lorries;</li><li>Mill Lane, one way until further notice;</li><li>the quay, open to residents alone.</li>
    </ul>    <blockquote><p>“We heard it in the night, like ice breaking,” said Ada Brandt, who lives by the water.</p>
    </blockquote>{paragraphs(SECOND, LAST)}"""
    kinds = [block.kind for block in read(story).blocks]
    assert kinds == ["paragraph", "paragraph", "list_item", "list_item", "list_item", "quote", "paragraph", "paragraph"]


def test_the_rows_of_a_table_between_paragraphs_are_kept() -> None:
    rows = "".join(
        f"<tr><td>{pier}</td><td>{found}</td></tr>"
        for pier, found in (
            ("First pier", "No damage was found above or below the water line."),
            ("Second pier", "Two cracks as wide as a hand, both below the water line."),
            ("Third pier", "One crack along the whole of the western side."),
        )
    )
    body = read(f"{paragraphs(LEAD, SECOND)}<table><tbody>{rows}</tbody></table>{paragraphs(LAST)}").body
    assert "Two cracks as wide as a hand" in body
    assert bare(LAST) in body


def test_a_post_embedded_in_a_story_does_not_end_it() -> None:
    post = """<div class="embed"><blockquote class="social-post"><p>Please use the Ostrand crossing until
    further notice. Crews are on site.</p>— Lune County (@lunecounty) <a href=/p>October 12, 2026</a></blockquote>
    </div>"""
    assert read(paragraphs(LEAD, SECOND) + post + paragraphs(LAST)).body.endswith(bare(LAST))


def test_the_captions_of_a_gallery_are_with_its_pictures_and_not_in_the_body() -> None:
    captions = [
        f"Divers at the {which} pier of the bridge on Monday. Photo: Nils Aro" for which in ("first", "second", "third")
    ]
    figures = "".join(
        f'<figure><img src="/{at}.jpg"><figcaption>{caption}</figcaption></figure>'
        for at, caption in enumerate(captions)
    )
    found = read(f'{paragraphs(LEAD, SECOND)}<div class="gallery">{figures}</div>{paragraphs(LAST)}')
    assert "Divers at the" not in found.body
    assert [image.credit for image in found.images] == ["Nils Aro"] * 3


def test_the_beginning_before_a_paywall_is_the_body_and_the_offer_is_not() -> None:
    offer = """<div class="paywall-offer"><h3>Subscribe to read on</h3><p>Get unlimited access to everything we publish
    for 1 euro in the first month. Cancel at any time.</p><button>Subscribe now</button></div>"""
    found = read(paragraphs(LEAD, SECOND) + offer)
    assert found.body == f"{bare(LEAD)}\n\n{bare(SECOND)}"


def test_an_amp_page_is_read_like_any_other() -> None:
    amp = """<amp-sidebar id="menu" layout="nodisplay" side="left"><ul><li><a href=/w>World</a></li></ul></amp-sidebar>
    <amp-img src="/a.jpg" width=600 height=400></amp-img><amp-ad width=300 height=250><p>Advertisement</p></amp-ad>"""
    found = read(amp + paragraphs(LEAD, SECOND, LAST), html="<html amp lang=en>")
    assert found.body == "\n\n".join(map(bare, (LEAD, SECOND, LAST)))


def test_a_label_between_paragraphs_that_says_advertisement_is_no_text_of_the_story() -> None:
    assert read(paragraphs(LEAD, "Advertisement", SECOND, LAST)).body == "\n\n".join(map(bare, (LEAD, SECOND, LAST)))


def test_two_lines_below_a_video_are_an_article() -> None:
    player = '<div class="video-player"><video src="/v.mp4"></video><button>Play</button><span>01:42</span></div>'
    assert read(player + paragraphs(LEAD)).body == bare(LEAD)


def test_a_page_that_only_leads_to_others_is_rejected() -> None:
    teasers = "".join(
        f'<li class="teaser"><a href="/{at}"><h3>{title}</h3></a></li>'
        for at, title in enumerate((
            "Ferry strike enters its second week", "Council seeks a new mill", "Why the herring came back",
            "Harrow wins at home", "Rain until Thursday", "School closes for a day", "Old mill sold",
        ))
    )  # fmt: skip
    page = (
        f"<html><head><title>Harrow Post</title></head><body>{TOP}<main><ul>{teasers}</ul></main>{BELOW}</body></html>"
    )
    with pytest.raises(Rejected) as refusal:
        article_of(page.encode(), META, content_type="text/html")
    assert refusal.value.reason == Reason.NO_ARTICLE


@pytest.mark.parametrize(
    "notice",
    [
        "An dieser Stelle findest du einen externen Inhalt, der den Artikel ergänzt. Du kannst ihn dir zeigen lassen.",
        "Ce contenu est bloqué car vous n'avez pas accepté les cookies. Vous pouvez changer d'avis à tout moment.",
        "Para ver este contenido es necesario aceptar las cookies de nuestros socios. Puede cambiar de idea más tarde.",
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden."
        + " Dabei werden Daten an den Anbieter gesendet, dessen Erklärung zum Datenschutz auf seinen Seiten steht." * 3,
    ],
)
def test_a_notice_in_place_of_an_embedded_post_is_no_text_of_the_story(notice: str) -> None:
    body = "\n\n".join(map(bare, (LEAD, SECOND, LAST)))
    assert read(paragraphs(LEAD, SECOND, notice, LAST)).body == body


@pytest.mark.parametrize(
    "announced", ["LEGGI ANCHE:", "Baca Juga:", "[Earlier:", "ये भी पढ़ें:", "อ่านข่าวที่เกี่ยวข้อง:", "हेही वाचा:", "Leia também:"]
)
def test_a_line_that_leads_to_another_story_is_no_text_of_this_one(announced: str) -> None:
    line = f"<strong>{announced}</strong> <a href=/ferry>Ferry strike on the Lune enters its second week</a>"
    body = "\n\n".join(map(bare, (LEAD, SECOND, LAST)))
    assert read(paragraphs(LEAD, line, SECOND, LAST)).body == body


@pytest.mark.parametrize(
    "sentence",
    [
        "Your privacy is not for sale, the county's officer for data told the drivers whose plates had been filmed.",
        "Your browser tells more than you think, an expert told the court: the fonts, the screen, the hour.",
        "JavaScript is what most of the trackers on the county's pages were written in, the report goes on.",
        "Dziękujemy, że przeczytałaś ten list, napisali uczniowie do pani minister, która im odpowiedziała.",
        "Підтримайте редакцію закону, ухвалену в першому читанні, закликав депутатів міністр транспорту.",
    ],
)
def test_a_sentence_that_begins_as_a_notice_may_is_text_of_its_story(sentence: str) -> None:
    assert sentence in read(paragraphs(LEAD, SECOND, sentence, LAST)).body


def test_a_page_laid_out_in_a_table_is_told_from_its_menu() -> None:
    menu = "<br>".join(f"<a href=/{name}>{name}</a>" for name in ("Home", "Politics", "Business", "Archive"))
    news = "<a href=/1>Hockey team loses in Ostrand</a><br><a href=/2>The exchange rate on Friday</a>"
    told = [
        "A water main burst in Harrow on Thursday night and left sixty houses without heat, the town said.",
        "The repair will take a day or more, said Olav Zimmer, the deputy mayor.",
        "Schools in the north of the town stayed shut, and heaters were handed out.",
        "The main was laid in 1978 and had waited four years to be replaced, an engineer said.",
    ]
    page = f"""<html><head><title>Burst main leaves sixty houses cold</title></head><body><table><tr><td>{menu}</td><td>
    <b>Burst main leaves sixty houses cold</b><br>15 January 2009, 12:40<br><br>{"<br><br>".join(told)}<br><br>
    <a href=/p>Print version</a></td><td><b>Latest news</b><br>{news}</td></tr></table></body></html>"""
    assert article_of(page.encode(), META, content_type="text/html").body == "\n\n".join(told)


def test_a_line_that_begins_with_a_copyright_sign_is_no_text_of_the_story() -> None:
    body = "\n\n".join(map(bare, (LEAD, SECOND, LAST)))
    assert read(paragraphs(LEAD, "© Action Press / Nils Aro", SECOND, LAST)).body == body


TITLES = (
    "Ferry strike enters its second week", "Council seeks a new mill for Ostrand", "Why are rents rising so fast?",
    "Harrow wins at home", "Weather: Rain until Thursday", "School closes for a day after flood",
    "Old mill sold at last",
    "“We lost everything”: families return", "Man, 34, charged over harbour burglary", "Herring season opens late",
)  # fmt: skip
SUMMARIES = (
    "The line's crews will not sail before Friday, their union said on Monday.",
    "A site by the river was turned down in May because it floods in spring.",
    "Flats near the harbour cost a third more than they did two years ago.",
    "Two late goals saw the county's oldest club through to the next round.",
    "Forecasters expect up to forty millimetres before the weekend is over.",
    "Parents were told by message that lessons go on at home until noon.",
)


def refused(main: str, *, head: str = "", address: str = "https://www.harrowpost.example/news") -> bool:
    meta = replace(META, url=address, final_url=address)
    page = f"<html lang=en><head><title>News - Harrow Post</title>{head}</head><body>{TOP}{main}{BELOW}</body></html>"
    try:
        article_of(page.encode(), meta, content_type="text/html")
    except Rejected as refusal:
        return refusal.reason == Reason.NO_ARTICLE
    return False


@pytest.mark.parametrize("tag", ["p", "li", "div"])
def test_titles_that_are_no_links_make_no_article(tag: str) -> None:
    assert refused("<main><h1>News</h1>" + "".join(f"<{tag}>{title}</{tag}>" for title in TITLES * 2) + "</main>")


def test_short_lines_below_a_headline_are_an_article_where_the_page_gives_it_a_day() -> None:
    day = '<meta property="article:published_time" content="2026-10-12T08:00:00Z">'
    ticker = "".join(f"<p>{title}</p>" for title in TITLES)
    assert not refused(f"<main><h1>Harrow against Ostrand as it happened</h1>{ticker}</main>", head=day)


def test_titles_with_a_summary_here_and_there_make_no_article() -> None:
    rows = (
        f"<p>{title}</p>" + (f"<p>{SUMMARIES[at // 5]}</p>" if at % 5 == 0 else "")
        for at, title in enumerate(TITLES * 2)
    )
    assert refused(f"<main><h1>News</h1>{''.join(rows)}</main>")


def test_summaries_that_each_stand_below_a_link_make_no_article_unless_the_page_says_that_it_is_one() -> None:
    rows = "".join(
        f"<div><h3><a href=/{at}>{title}</a></h3><span>Monday</span><p>{summary}</p></div>"
        for at, (title, summary) in enumerate(zip(TITLES, SUMMARIES, strict=False))
    )
    assert refused(f"<main><h1>News</h1>{rows}</main>")
    assert not refused(f"<main><h1>News</h1>{paragraphs(LEAD, SECOND, LAST)}{rows}</main>")
    day = '<meta property="article:published_time" content="2026-10-12T08:00:00Z">'
    assert not refused(f"<main><h1>Six stories of the week</h1>{rows}</main>", head=day)
    named = "https://www.harrowpost.example/six-stories-of-the-week"
    assert not refused(f"<main><h1>Six stories of the week</h1>{rows}</main>", address=named)


@pytest.mark.parametrize(
    "offer",
    [
        (
            "Suscríbete para seguir leyendo",
            "Lee sin límites todo el contenido por 1 euro. Si ya eres suscriptor, entra.",
        ),
        ("Contenuto riservato agli abbonati", "Leggi tutti gli articoli del sito con 1 euro al mese per i primi mesi."),
        ("Читать дальше могут подписчики", "Все материалы без ограничений за 99 рублей в месяц. Уже есть подписка?"),
        ("Ten artykuł przeczytasz w ramach prenumeraty", "Wszystkie teksty od 1 zł za pierwszy miesiąc, bez umowy."),
        ("本文为会员专享", "首月仅需一元，即可阅读本站全部文章，随时可以取消，已经是会员请登录。"),
        ("هذا المحتوى للمشتركين فقط", "دولار واحد للشهر الأول لقراءة المقال كاملا وكل ما ينشره الموقع."),
    ],
)
def test_what_stands_below_an_offer_to_subscribe_is_no_text_of_the_story(offer: tuple[str, str]) -> None:
    assert read(paragraphs(LEAD, SECOND, *offer)).body == "\n\n".join(map(bare, (LEAD, SECOND)))


@pytest.mark.parametrize(
    "sentence",
    [
        "Already a member of the council for a decade, Lee ran for mayor in the spring and lost by forty votes.",
        "Unlimited access to the beach was promised to the people of the harbour when the wall was built in May.",
    ],
)
def test_a_sentence_that_begins_as_offers_do_ends_no_story(sentence: str) -> None:
    assert read(paragraphs(LEAD, SECOND, sentence, LAST)).body.endswith(bare(LAST))


def test_an_offer_between_paragraphs_does_not_end_the_story() -> None:
    assert read(paragraphs(LEAD, SECOND, "Subscribe to continue reading", LAST)).body.endswith(bare(LAST))


@pytest.mark.parametrize(
    "line",
    [
        "Xem thêm: Bão số 8 đang mạnh lên",
        "İLGİLİ HABER: Fabrikanın sahibi kim?",
        "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ: Ο χάρτης για την Τρίτη",
    ],
)
def test_a_pointer_to_another_story_in_strong_type_is_no_text_of_the_story(line: str) -> None:
    label, title = line.split(": ")
    story = f"{paragraphs(LEAD, SECOND)}<p><strong>{label}: <a href=/x>{title}</a></strong></p>{paragraphs(LAST)}"
    assert title not in read(story).body


def test_a_small_box_that_begins_with_a_label_of_other_stories_is_left_out_whole() -> None:
    box = """<div class=more-on><h3>Read also</h3><ul><li><a href=/a>list 1 of 2 The ferry to Ostrand is full</a></li>
    <li><a href=/b>list 2 of 2 Herring are back in the Lune</a></li></ul><span>end of list</span></div>"""
    article = read(f"<div><p>{LEAD}</p><p>{SECOND}</p>{box}<p>{LAST}</p></div>")
    assert "list 2" not in article.body
    assert "end of list" not in article.body
    assert article.body.endswith("built anew.")


def test_a_word_in_a_span_named_legend_is_no_caption() -> None:
    place = '<span class="legendSpanClass">HARROW, Lune</span>, <span class="legendSpanClass">Oct. 12, 2026</span>'
    article = read(f"<p>{place} /Lunewire/ -- {LEAD}</p><p>{SECOND}</p><p>{LAST}</p>")
    assert article.body.startswith("HARROW, Lune, Oct. 12, 2026 /Lunewire/ -- The old bridge")


def test_what_a_template_calls_every_page_is_no_section() -> None:
    head = """<meta name="articleSection" content="news"><meta property="article:section" content="news">
    <script type="application/ld+json">{"@type": "NewsArticle", "articleSection": "County"}</script>"""
    assert read(f"<p>{LEAD}</p><p>{SECOND}</p>", head=head).section == "County"
    alone = '<meta property="article:section" content="news">'
    assert read(f"<p>{LEAD}</p><p>{SECOND}</p>", head=alone).section == "news"


def test_the_source_of_a_release_signs_nothing() -> None:
    assert read(f"<p>{LEAD}</p><p>{SECOND}</p><p>{LAST}</p><p>SOURCE Lune Works</p>").bylines == ()


def test_an_agency_behind_the_last_sentence_leaves_it_in_the_story() -> None:
    end = "The county will decide on the piers next year. (AFP)"
    article = read(
        f"<div><p>{LEAD}</p><p>{SECOND}</p><p>Buses stop:</p><ul><li>at the mill,</li></ul><p>{end}</p></div>"
    )
    assert article.body.endswith(end)
    assert article.agencies == ("AFP",)
