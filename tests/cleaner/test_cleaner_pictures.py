"""Which pictures are the article's, and what stands under them."""

from datetime import UTC, datetime

import pytest

from services.cleaner.clean import article_of
from services.cleaner.text.lines import split_credit
from services.contracts import Image, PageMeta

URL = "https://www.fenmarkpost.example/local/bridge"
STORY = "<p>The harbour bridge reopened on Monday after nine weeks of repairs, the council said.</p>" * 3


def images(body: str, head: str = "") -> tuple[Image, ...]:
    meta = PageMeta(url=URL, final_url=URL, fetched_at=datetime(2026, 10, 13, tzinfo=UTC), body_sha256="0")
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return article_of(page.encode(), meta, content_type="text/html").images


def test_a_figure_gives_caption_and_credit_apart() -> None:
    figure = (
        "<figure><img src=/b.jpg><figcaption>The bridge on Monday. Photo: Ines Holt/Fenmark Post</figcaption></figure>"
    )
    [picture] = images(f"<article><h1>Bridge reopens</h1>{figure}{STORY}</article>")
    assert (picture.url, picture.caption, picture.credit) == (
        "https://www.fenmarkpost.example/b.jpg", "The bridge on Monday.", "Ines Holt/Fenmark Post",
    )  # fmt: skip


@pytest.mark.parametrize(
    "furniture",
    [
        "<img src=/img/logo.svg>",
        "<img src=/img/icon-share.png>",
        "<img src=/wp/teaser-120x120.jpg>",
        "<div class=related><a href=/x><img src=/other.jpg></a></div>",
        "<div class=author-box><img src=/ines.jpg></div>",
    ],
)
def test_logos_icons_teasers_and_portraits_are_no_pictures_of_the_article(furniture: str) -> None:
    shown = images(f"<article><h1>Bridge reopens</h1><p><img src=/b.jpg></p>{STORY}{furniture}{STORY}</article>")
    assert [picture.url for picture in shown] == ["https://www.fenmarkpost.example/b.jpg"]


def test_what_stands_below_the_story_is_not_of_it() -> None:
    shown = images(f"<div><h1>Bridge reopens</h1>{STORY}</div><div><p><img src=/other.jpg> More</p></div>")
    assert shown == ()


def test_the_pages_own_picture_stands_in_with_its_caption() -> None:
    told = '{"@type": "NewsArticle", "image": {"url": "https://x.example/b.jpg", "caption": "The &amp;amp; bridge"}}'
    [picture] = images(STORY, f'<script type="application/ld+json">{told}</script>')
    assert (picture.url, picture.caption) == ("https://x.example/b.jpg", "The & bridge")


@pytest.mark.parametrize(
    ("printed", "caption", "credit"),
    [
        ("Engineers inspect it on Monday. (AP Photo/Bo Ek)", "Engineers inspect it on Monday.", "AP Photo/Bo Ek"),
        ("Smoke over Tarn. Ảnh: Ines Holt", "Smoke over Tarn.", "Ines Holt"),
        ("다리 [사진 출처 = 연합뉴스]", "다리", "연합뉴스"),
        ("Smoke over Tarn.AFP", "Smoke over Tarn.", "AFP"),
        ("Smoke. © Ines Holt | Ines Holt", "Smoke.", "Ines Holt"),
        ("A river. It rose by 2.5 million", "A river. It rose by 2.5 million", None),
    ],
)
def test_credits_are_told_from_captions_in_many_languages(printed: str, caption: str, credit: str | None) -> None:
    assert split_credit(printed) == (caption, credit)


def test_a_credit_beside_a_caption_is_the_pictures() -> None:
    figure = """<figure><div><img src=/b.jpg><span class=x1>Getty Images</span></div>
    <figcaption>The bridge on Monday</figcaption></figure>"""
    [picture] = images(f"<article><h1>Bridge reopens</h1>{figure}{STORY}</article>")
    assert (picture.caption, picture.credit) == ("The bridge on Monday", "Getty Images")


@pytest.mark.parametrize(
    ("printed", "credit"),
    [
        ("Most w Wierzbnie / fot. Adam Lis", "Adam Lis"),
        ("Most w Wierzbnie FOT. ADAM LIS", "ADAM LIS"),
        ("Köprü yeniden açıldı (Fotoğraf: AA)", "AA"),
        ("الجسر بعد إعادة فتحه (الفرنسية)", "الفرنسية"),
        ("The bridge opened again (3/2/2026).", None),
        ("Mara Quill bröt sin fot. Nu är hon hemma igen.", None),
    ],
)
def test_credits_are_read_as_papers_print_them(printed: str, credit: str | None) -> None:
    assert split_credit(printed)[1] == credit
