"""Lists of sources as files: OPML, as feed readers exchange it, and CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import get_args
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from services.contracts import Source, SourceKind

COLUMNS = ("url", "kind", "title", "paused")
KINDS: tuple[SourceKind, ...] = get_args(SourceKind)
HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<opml version='2.0'>\n<head><title>Sources of Dateline</title></head>"


class NoList(ValueError):
    """A file that is no list of sources."""


def to_csv(sources: Iterable[Source]) -> str:
    """A row a source: url, kind, title, paused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.url, each.kind, each.title or "", "yes" if each.paused else "") for each in sources)
    return out.getvalue()


def to_opml(sources: Iterable[Source]) -> str:
    """An outline a source. `type` is the kind, where OPML readers expect "rss" for any feed; they ignore `paused`."""
    outlines = "".join(
        f"<outline text={quoteattr(each.title or each.url)} type={quoteattr(each.kind)} xmlUrl={quoteattr(each.url)}"
        + (" paused='yes'/>\n" if each.paused else "/>\n")
        for each in sources
    )
    return f"{HEAD}\n<body>\n{outlines}</body>\n</opml>\n"


def rows(body: bytes) -> list[dict[str, str]]:
    """The rows of an OPML or CSV file, by the names of COLUMNS; each URL once. Raises NoList."""
    found = _opml(body) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _csv(body)
    return list({row["url"]: row for row in found if row.get("url")}.values())


def kind_of(row: Mapping[str, str]) -> SourceKind:
    """The kind that a row names; "auto" for any that is none of ours."""
    return next((kind for kind in KINDS if kind == row.get("kind", "").lower()), "auto")


def _csv(body: bytes) -> list[dict[str, str]]:
    """Rows with a header that names at least `url`; without a header the first column is the URL."""
    reader = csv.reader(io.StringIO(body.decode("utf-8-sig", "replace"), newline=""))
    try:
        lines = [(str(reader.line_num), [cell.strip() for cell in line]) for line in reader]
    except csv.Error as error:
        raise NoList(f"no CSV: {error}") from error
    header = [cell.lower() for cell in lines[0][1]] if lines else []
    if "url" in header:
        return [dict(zip(header, line, strict=False)) | {"line": number} for number, line in lines[1:]]
    found = [{"url": line[0], "line": number} for number, line in lines if line and line[0]]
    if not any(row["url"].startswith(("http://", "https://")) for row in found):
        raise NoList("neither OPML nor CSV with a column `url`")
    return found


def _opml(body: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        given = {key.lower(): value for key, value in attributes.items()}
        if name.lower() == "outline" and "xmlurl" in given:
            title = given.get("title") or given.get("text") or ""
            found.append(
                {
                    "url": given["xmlurl"].strip(),
                    "kind": given.get("type", ""),
                    "title": "" if title == given["xmlurl"] else title,
                    "paused": given.get("paused", ""),
                    "line": str(parser.CurrentLineNumber),
                }
            )

    def refuse(*_: object) -> None:
        raise NoList("it declares entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)  # noqa: FBT003 - expat takes no keywords
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: a charset that expat cannot read
        raise NoList(f"no OPML: {error}") from error
    return found
