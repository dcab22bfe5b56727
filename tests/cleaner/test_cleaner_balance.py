"""Nothing of a page vanishes: what is no body is a caption, metadata, or removed with a reason."""

import re
from collections import Counter
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from services.cleaner.body import flattened, html
from services.cleaner.metadata.headlines import headline_of
from services.cleaner.metadata.metadata import metadata_of
from services.cleaner.text.reading import Reading

PAGES = Path(__file__).parent / "pages"
_UNSEEN = ["script", "style", "template", "noscript", "svg", "head", "iframe", "video", "audio", "canvas", "object"]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


def accounted(reading: Reading) -> Counter[str]:
    kept = "\n".join(part.text for part in reading.parts)
    left_out = "\n".join(piece.text for piece in reading.removed)
    return words(f"{kept}\n{left_out}")


def test_every_word_of_a_page_is_kept_or_removed_with_a_reason() -> None:
    source = (PAGES / "furniture.html").read_text(encoding="utf-8")
    tree = LexborHTMLParser(source)
    reading = html.read(tree, headline_of(metadata_of(tree)), country=None)
    tree.strip_tags([*_UNSEEN, "[hidden]", "[aria-hidden=true]"])
    assert tree.body is not None
    assert not words(tree.body.text(separator=" ")) - accounted(reading)


def test_every_word_of_a_flattened_page_is_kept_or_removed_with_a_reason() -> None:
    source = (PAGES / "flattened.txt").read_text(encoding="utf-8")
    missing = words(source) - accounted(flattened.read(source, country=None))
    assert not {word for word in missing if not word.isdigit()}


@pytest.mark.parametrize(
    ("wrapper", "shown"),
    [
        ('<div hidden id="S:0">', True),
        ('<div hidden id="menu">', False),
        ('<main style="visibility:hidden">', True),
        ('<div style="display: none">', False),
    ],
)
def test_what_a_script_shows_once_the_page_is_ready_is_read(wrapper: str, shown: bool) -> None:  # noqa: FBT001
    story = "The council of Tarn voted on Monday to rebuild the old bridge over the river, which floods took in May. "
    other = "The harbour of Almer was closed on Friday after two ships collided in thick fog, the port authority said. "
    close = wrapper.replace("<", "</").split()[0].rstrip(">") + ">"
    body = f"<p>{other}</p>" * 3 + f"{wrapper}<p>{story}</p>{close}"
    tree = LexborHTMLParser(f"<html><body>{body}</body></html>")
    reading = html.read(tree, headline_of(metadata_of(tree)), country=None)
    read = [part.text for part in reading.parts] + [piece.text for piece in reading.removed]
    assert (story.strip() in read) == shown


@pytest.mark.parametrize("wrapper", ["div hidden id='S:1'", "main style='visibility: hidden'", "article hidden"])
def test_every_word_of_a_wrapper_that_a_script_shows_is_kept_or_removed_with_a_reason(wrapper: str) -> None:
    source = (PAGES / "furniture.html").read_text(encoding="utf-8")
    tree = LexborHTMLParser(source)
    assert tree.body is not None
    inside = re.sub(r"</?body[^>]*>", "", tree.body.html or "")
    wrapped = LexborHTMLParser(f"<html><body><{wrapper}>{inside}</{wrapper.split(maxsplit=1)[0]}></body></html>")
    reading = html.read(wrapped, headline_of(metadata_of(wrapped)), country=None)
    tree.strip_tags([*_UNSEEN, "[hidden]", "[aria-hidden=true]"])
    assert not words(tree.body.text(separator=" ")) - accounted(reading)


def test_a_page_that_shows_nothing_is_read_as_without_scripts() -> None:
    story = "The council of Tarn voted on Monday to rebuild the old bridge over the river, which floods took in May. "
    source = "<html><body><div>Loading</div><noscript>" + f"<p>{story}</p>" * 8 + "</noscript></body></html>"
    tree = LexborHTMLParser(source)
    assert html.read(tree, headline_of(metadata_of(tree)), country=None).parts
