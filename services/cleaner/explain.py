"""Shows a decision: every block of a page, kept or left out, with the reason and the model's score."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from rich.text import Text

from services.cleaner.body import flattened, html
from services.cleaner.clean import article_of
from services.cleaner.metadata.headlines import headline_of
from services.cleaner.metadata.metadata import metadata_of
from services.cleaner.text import decode
from services.contracts import BlockKind, PageMeta, RemovedReason
from services.stage import Rejected

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#111;background:#fff}"
    "p{margin:.2em 0;padding:.2em .6em;border-left:4px solid}"
    ".kept{border-color:#2a7d2a;background:#effaef}.out{border-color:#b33;color:#666;background:#fbf3f3}"
    "small{display:inline-block;min-width:11em;color:#333}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """A block in page order: kept as `kind` or left out for `reason`; `score`: the model's, 0 to 1, if asked.

    `unseen`: the page shows it to nobody; it was read from scripts, templates or JSON-LD.
    """

    text: str
    kind: BlockKind | None = None
    reason: RemovedReason | None = None
    score: float | None = None
    unseen: bool = False

    @property
    def label(self) -> str:
        """The decision in a word or two."""
        score = "" if self.score is None else f" {self.score:.2f}"
        return f"{self.kind or self.reason}{' from scripts' if self.unseen else score}"


def explained(body: bytes, meta: PageMeta, content_type: str) -> list[Explained]:
    """Every block of a page with what became of it. Raises Rejected as the cleaner does."""
    text, utf8 = decode.decoded(body, meta)
    if decode.kind_of(text, content_type) == "html":
        tree = decode.tree_of(utf8)
        page = html.judged(tree, headline_of(metadata_of(tree, meta.final_url)))
        shown = [
            Explained(
                text=piece.text,
                kind=html.kind_of(page.outline, piece) if reason is None else None,
                reason=reason,
                score=score,
            )
            for (piece, reason), score in zip(page.chosen, page.choice.scores, strict=True)
        ]
        return shown if page.size >= html.LITTLE else shown + _unseen(body, meta, content_type, shown)
    reading = flattened.read(decode.tidy(text), country=None, url=meta.final_url)
    kept = [Explained(text=part.text, kind=part.kind) for part in reading.parts]
    return [Explained(text=each.text, reason=each.reason) for each in reading.removed] + kept


def _unseen(body: bytes, meta: PageMeta, content_type: str, shown: list[Explained]) -> list[Explained]:
    """What the cleaner reads elsewhere than in the text of a page that shows next to nothing."""
    try:
        article = article_of(body, meta, content_type=content_type)
    except Rejected:
        return []
    texts = {block.text for block in shown}
    told = [(article.body[block.start : block.end], block.kind) for block in article.blocks]
    return [Explained(text=text, kind=kind, unseen=True) for text, kind in told if text not in texts]


def as_terminal(blocks: Iterable[Explained]) -> Text:
    """For a terminal: kept blocks green, the others dim."""
    shown = Text()
    for block in blocks:
        style = "green" if block.kind else "dim"
        shown.append(f"{block.label:>20}  ", style=f"bold {style}").append(f"{block.text}\n", style=style)
    return shown


def as_html(blocks: Iterable[Explained], title: str) -> str:
    """One self-contained page: no script, nothing that is loaded."""
    rows = "\n".join(
        f'<p class="{"kept" if block.kind else "out"}"><small>{escape(block.label)}</small> {escape(block.text)}</p>'
        for block in blocks
    )
    head = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
    )
    return f"{head}<body><h1>{escape(title)}</h1>\n{rows}\n</body></html>\n"
