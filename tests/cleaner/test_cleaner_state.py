"""Pages that show nothing: the story is read from the state in their scripts, else from JSON-LD."""

import json
from datetime import UTC, datetime

import pytest

from services.cleaner.explain import explained
from services.contracts import Article, PageMeta
from services.stage import Rejected
from tests.fuzz.claims import check, outcome

HEADLINE = "Tarn votes to rebuild its old bridge"
PARAGRAPHS = [
    "The council of Tarn voted on Monday to rebuild the old bridge over the river, which floods took in May.",
    "Work will begin in spring, said Ines Holt, who leads the council; it is to take nine weeks and no longer.",
    "“We have waited for long enough,” said a baker whose shop stands beside what is left of the old bridge.",
]
OTHER = [
    "The harbour of Almer was closed on Friday after two ships collided in thick fog, the port authority said."
] * 9
TEASER = {
    "title": "Almer closes its harbour",
    "url": "/almer",
    "content": [{"type": "p", "text": text} for text in OTHER],
}


def body_of(script: str, *, attributes: str = "", head: str = "") -> str:
    markup = f"<html><head><title>{HEADLINE}</title>{head}</head><body><div id=root>Loading</div>"
    found = outcome(f"{markup}<script {attributes}>{script}</script></body></html>".encode())
    if isinstance(found, Rejected):
        return ""
    check(found)
    return found.body


def html_of(paragraphs: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def rich(text: str) -> dict[str, object]:
    """A paragraph as editors of rich text store it, in parts."""
    first, _, rest = text.partition(" ")
    return {"type": "paragraph", "children": [{"text": f"{first} "}, {"text": rest, "bold": True}]}


CHINESE = [
    "市议会周一投票决定重建河上的老桥，这座桥在五月的洪水中被冲毁。",
    "市议会主席说，工程将于明年春天开始，预计历时九周，不会再延长。",
    "“我们等得够久了。”一位在老桥遗址旁开店的面包师说，他的店已经歇业半年。",
    "重建费用由市和省各承担一半，桥面将比原来加宽两米，并新增人行道。",
]
STORY = {"headline": HEADLINE, "body": html_of(PARAGRAPHS)}
BLOCKS = {"title": HEADLINE, "content": [{"type": "p", "text": text} for text in PARAGRAPHS]}
RICH = {"title": HEADLINE, "content": [rich(text) for text in PARAGRAPHS]}
FUSION = {
    "headlines": {"basic": HEADLINE},
    "content_elements": [{"_id": "A1", "type": "text", "content": text} for text in PARAGRAPHS],
}


@pytest.mark.parametrize("story", [STORY, BLOCKS, RICH, FUSION, {"title": HEADLINE, "text": PARAGRAPHS}])
@pytest.mark.parametrize("around", [[], [TEASER]])
def test_next_js_holds_its_story_as_json(story: dict[str, object], around: list[object]) -> None:
    data = json.dumps({"props": {"pageProps": {"article": story, "related": around, "more": around}}})
    assert body_of(data, attributes="id=__NEXT_DATA__ type=application/json") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "assignment",
    [
        "window.__INITIAL_STATE__ = {};",
        "window.__PRELOADED_STATE__={}",
        "Fusion.arcSite='tarn';Fusion.globalContent={};Fusion.lastModified=1",
        "window.__APOLLO_STATE__ = {};",
        'var config = {"a": 1}; window.__DATA__ = {};',
    ],
)
def test_a_state_that_a_script_assigns_is_read(assignment: str) -> None:
    state = json.dumps({"ROOT": FUSION, "ads": None})
    assert body_of(assignment.replace("{}", state)) == "\n\n".join(PARAGRAPHS)


def test_a_state_with_undefined_in_it_and_one_that_is_parsed_from_a_string_are_read() -> None:
    state = json.dumps(FUSION)
    assert body_of(f'window.__INITIAL_STATE__={{"user":undefined,"story":{state}}}') == "\n\n".join(PARAGRAPHS)
    assert body_of(f"window.__STATE__ = JSON.parse({json.dumps(state)})") == "\n\n".join(PARAGRAPHS)


def test_the_chunks_that_react_streams_are_read() -> None:
    elements = [
        ["$", "p", None, {"children": [text, ["$", "a", None, {"href": "/x", "children": " More."}]]}]
        for text in PARAGRAPHS
    ]
    rows = f'1:I["chunk"]\n2:{json.dumps(["$", "article", None, {"children": elements}])}\n'
    pieces = (json.dumps(rows[at : at + 99]) for at in range(0, len(rows), 99))
    chunks = "</script><script>".join(f"self.__next_f.push([1,{piece}])" for piece in pieces)
    assert body_of(chunks) == "\n\n".join(f"{text} More." for text in PARAGRAPHS)


def test_a_row_of_text_in_the_chunks_is_read() -> None:
    text = html_of(PARAGRAPHS)
    rows = f"3:T{len(text.encode()):x},{text}2:{json.dumps({'title': HEADLINE, 'html': '$3'})}\n"
    assert body_of(f"self.__next_f.push([1,{json.dumps(rows)}])") == "\n\n".join(PARAGRAPHS)


def test_nuxts_flattened_values_are_read() -> None:
    flat = ["Reactive", 1], {"data": 2}, {"title": 3, "body": 4}, HEADLINE, html_of(PARAGRAPHS)
    script = json.dumps(flat)
    assert body_of(script, attributes="id=__NUXT_DATA__ type=application/json") == "\n\n".join(PARAGRAPHS)


def test_nuxts_function_is_read_by_its_literals() -> None:
    fields = ",".join(f"{{type:a,text:{json.dumps(text)}}}" for text in PARAGRAPHS)
    assert body_of(f'window.__NUXT__=(function(a){{return {{body:[{fields}]}}}}("text"))') == "\n\n".join(PARAGRAPHS)


def test_json_inside_json_and_jsonml_are_read() -> None:
    inner = json.dumps(
        {"title": HEADLINE, "body": ["div", *(["p", ["em", text[:9]], text[9:]] for text in PARAGRAPHS)]}
    )
    assert body_of(f"window.__DATA__ = {json.dumps({'cache': inner})}") == "\n\n".join(PARAGRAPHS)


def test_a_story_that_the_state_holds_twice_is_read_once() -> None:
    twice = {"title": HEADLINE, "parts": [html_of(PARAGRAPHS), " ".join(PARAGRAPHS)]}
    assert body_of(f"window.__DATA__ = {json.dumps(twice)}").count(PARAGRAPHS[0]) == 1


def test_the_body_in_json_ld_is_the_last_resort() -> None:
    story = json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "articleBody": "\n".join(PARAGRAPHS)})
    head = f'<script type="application/ld+json">{story}</script>'
    assert body_of("", head=head) == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "root", ['shadowrootmode="open"', "shadowroot=open", 'class="a" shadowrootmode=closed', "id=t"]
)
def test_what_a_template_holds_is_read(root: str) -> None:
    inner = f"<tarn-story><template {root}><div>{html_of(PARAGRAPHS)}</div></template></tarn-story>"
    found = outcome(f"<html><title>{HEADLINE}</title><body><div>Loading</div>{inner}</body></html>".encode())
    assert isinstance(found, Article)
    assert found.body == "\n\n".join(PARAGRAPHS)


def test_shadow_roots_are_shown_where_they_stand_beside_what_is_outside() -> None:
    inside = f"<x-p><template shadowrootmode=open><p>{PARAGRAPHS[1]}</p></template></x-p>"
    page = (
        f"<html><title>{HEADLINE}</title><body><article><p>{PARAGRAPHS[0]}</p>{inside}<p>{PARAGRAPHS[2]}</p></article>"
    )
    found = outcome(f"{page}<template><p>{OTHER[0]}</p></template></body></html>".encode())
    assert isinstance(found, Article)
    assert found.body == "\n\n".join(PARAGRAPHS)


def test_a_story_that_the_markup_shows_is_not_sought_in_scripts() -> None:
    state = json.dumps({"title": HEADLINE, "body": html_of(OTHER)})
    shown = outcome(f"<title>{HEADLINE}</title>{html_of(PARAGRAPHS)}<script id=__NEXT_DATA__>{state}</script>".encode())
    assert isinstance(shown, Article)
    assert shown.body == "\n\n".join(PARAGRAPHS)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["<template shadowrootmode=open>", "<template shadowroot", "<x shadowroot></template>"]
)
def test_templates_are_opened_in_bounded_time(piece: str) -> None:
    outcome(f"<title>{HEADLINE}</title>{piece * 3_000}".encode())


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    ["a=[", 'a={"a":', 'a="', "a=[1!", "push([", '{"a":[', 'a="\\', "a=[undefined,", "1:T9,", 'a=["b","c', 'a={"{":"{'],
)
def test_scripts_are_searched_in_bounded_time(piece: str) -> None:
    body_of(piece * 50_000)
    body_of(f"self.__next_f.push([1,{json.dumps(piece * 20_000)}])")


def test_what_is_explained_says_which_blocks_the_page_does_not_show() -> None:
    page = f"<title>{HEADLINE}</title><p>Loading</p><script type=application/json>{json.dumps(STORY)}</script>".encode()
    url = "https://tarn.example/bridge"
    told = PageMeta(url=url, final_url=url, fetched_at=datetime(2026, 10, 1, tzinfo=UTC), body_sha256="0")
    blocks = explained(page, told, "text/html")
    assert [block.text for block in blocks if block.unseen] == PARAGRAPHS
    assert {block.label for block in blocks if block.unseen} == {"paragraph from scripts"}


@pytest.mark.parametrize(
    "story", [[{"type": "p", "text": text} for text in CHINESE], [{"_id": "A1", "content": text} for text in CHINESE]]
)
def test_a_story_in_a_script_without_spaces_is_found_too(story: list[object]) -> None:
    data = json.dumps({"props": {"article": {"headline": HEADLINE, "content": story}}}, ensure_ascii=False)
    assert body_of(data, attributes='type="application/json"') == "\n\n".join(CHINESE)
