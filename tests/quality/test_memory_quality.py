"""What a site's other pages teach never makes its labelled pages worse."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from statistics import mean

import pytest

from services import urls
from services.cleaner import memory
from services.cleaner.clean import article_of
from services.cleaner.memory import Known
from services.contracts import Article, PageMeta
from services.stage import Rejected
from tests.quality.test_clean_quality import DATA, pages, precision_recall

LOST = 0.002  # of F1, where a single page is enough to teach: some labels keep a site's own closing words
Labelled = tuple[str, Article]


def sites(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[Labelled]]:
    """The labelled body and the article of each page, by site, for the sites that have several."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for row in rows:
        found[urls.site_of(row[0])].append(row)
    several = {site: list(_cleaned(group)) for site, group in found.items() if len(group) > 1}
    return {site: group for site, group in several.items() if len(group) > 1}


def _cleaned(rows: Iterable[tuple[str, str, str]]) -> Iterator[Labelled]:
    for url, html, gold in rows:
        meta = PageMeta(url=url, final_url=url, fetched_at=datetime(2026, 1, 1, tzinfo=UTC), body_sha256="0")
        try:
            yield gold, article_of(html.encode("utf-8", "replace"), meta, content_type="text/html; charset=utf-8")
        except Rejected:
            continue


def advised(site: str, group: list[Labelled]) -> Iterator[tuple[str, Article, Article]]:
    """Each page's label, its article, and that with what the site's other pages teach."""
    lessons = [memory.lesson_of(article, site, Known()) for _, article in group]
    for at, (gold, article) in enumerate(group):
        known = None
        for lesson in lessons[:at] + lessons[at + 1 :]:
            known = (memory.learnt(site, known, lesson) or known) if lesson else known
        yield gold, article, memory.without_furniture(article, Known.of(known))


def f1(scored: Iterable[tuple[str, Article]]) -> float:
    """Body F1 over pages, from mean precision and recall."""
    scores = [precision_recall(gold, article.body) for gold, article in scored]
    precision, recall = mean(score[0] for score in scores), mean(score[1] for score in scores)
    return 2 * precision * recall / (precision + recall)


@pytest.fixture(scope="module", params=["fundus", "wcxb"])
def labelled(request: pytest.FixtureRequest) -> dict[str, list[Labelled]]:
    if not (DATA / f"{request.param}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {request.param} are not at hand")
    return sites(pages(request.param))


@pytest.mark.parametrize("enough", [1, 2])
def test_what_the_other_pages_of_a_site_teach_costs_no_quality(
    labelled: dict[str, list[Labelled]], enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "ENOUGH", enough)  # the sets hold few pages of a site: they must teach earlier
    told = [each for site, group in labelled.items() for each in advised(site, group)]
    without, with_memory = f1(each[:2] for each in told), f1((gold, after) for gold, _, after in told)
    assert with_memory >= without - (LOST if enough == 1 else 0)


PLANTED = "Our newsroom keeps its promise to the city: one free copy of the paper at every tram stop, every morning."
SITE = "planted.example"


def planted(html: str, gold: str) -> str:
    """The page with a paragraph more behind the middle one of its story; as it is where that is not found."""
    story = gold.split("\n\n")
    at = html.find(story[len(story) // 2][:40])
    end = html.find("</p>", at) if at >= 0 else -1
    return f"{html[:end]}</p><p>{PLANTED}{html[end:]}" if end >= 0 else html


def test_a_paragraph_planted_in_real_pages_is_learnt_from_four_and_nothing_else_goes() -> None:
    if not (DATA / "fundus.jsonl.xz").exists():
        pytest.skip("labelled pages fundus are not at hand")
    rows = [(url, planted(html, gold), gold) for url, html, gold in islice(pages("fundus"), 60)]
    showing = [article for _, article in _cleaned(rows) if PLANTED in article.body]
    known: bytes | None = None
    for number, whole in enumerate(showing):
        article = replace(whole, url=f"https://{SITE}/{number}")
        told = memory.without_furniture(article, Known.of(known))
        gone = [piece.text for piece in told.removed if piece.reason == "repeated_on_site"]
        assert gone == ([PLANTED] if number >= memory.ENOUGH else [])
        lesson = memory.lesson_of(article, SITE, Known.of(known))
        known = (memory.learnt(SITE, known, lesson) or known) if lesson else known
    assert len(showing) > memory.STORIES
