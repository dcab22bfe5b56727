"""Nothing of a labelled page vanishes: every letter that it shows is in the body or among what was removed."""

import json
import lzma
import re
from collections import Counter
from pathlib import Path

import pytest
from selectolax.lexbor import LexborNode

from services.cleaner.body import html
from services.cleaner.metadata.headlines import headline_of
from services.cleaner.metadata.metadata import metadata_of
from services.cleaner.text import decode
from services.contracts import PageMeta
from tests.fuzz.claims import FETCHED

DATA = Path(__file__).parents[3] / "shared" / "data" / "clean"
UNSEEN = frozenset({
    "script", "style", "template", "noscript", "svg", "math", "head", "title", "iframe", "object", "embed", "video",
    "audio", "canvas", "map", "datalist", "-comment",
})  # fmt: skip
PAGE = frozenset({"html", "body", "main", "article"})  # hidden until a script is done
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def hides(node: LexborNode) -> bool:
    said = node.attributes
    streamed = (said.get("id") or "").startswith("S:")  # by React, shown once it is there
    hidden = (
        ("hidden" in said and not streamed)
        or said.get("aria-hidden") == "true"
        or HIDDEN.search(said.get("style") or "")
    )
    return node.tag not in PAGE and bool(hidden)


def shown(node: LexborNode) -> list[str]:
    """The texts below a node that a reader sees, in order, read by itself: no rule of the cleaner's is asked."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.tag == "-text":
            found.append(each.text_content or "")
        elif each.tag not in UNSEEN and not hides(each):
            child = each.last_child
            while child is not None:
                waiting.append(child)
                child = child.prev
    return found


def letters(text: str) -> Counter[str]:
    """Letters and digits: where words end depends on how elements are drawn."""
    return Counter(re.sub(r"[\W_]+", "", decode.tidy(text)))


@pytest.mark.parametrize("name", ["scrapinghub", "fundus", "wcxb"])
def test_every_letter_of_a_labelled_page_is_kept_or_removed_with_a_reason(name: str) -> None:
    if not (DATA / f"{name}.jsonl.xz").exists():
        pytest.skip(f"labelled pages {name} are not at hand")
    lost = {}
    with lzma.open(DATA / f"{name}.jsonl.xz", "rt", encoding="utf-8") as rows:
        for page in map(json.loads, rows):
            meta = PageMeta(url=page["url"], final_url=page["url"], fetched_at=FETCHED, body_sha256="0")
            tree = decode.tree_of(decode.decoded(page["html"].encode("utf-8", "replace"), meta).utf8)
            reading = html.read(tree, headline_of(metadata_of(tree, page["url"])), country=None)
            kept = "\n".join([part.text for part in reading.parts] + [piece.text for piece in reading.removed])
            assert tree.body is not None
            if missing := letters(decode.unescaped("".join(shown(tree.body)))) - letters(kept):
                lost[page["id"]] = missing.total()
    assert lost == {}
