"""Which of the places of a name is meant: by what else the article names, by nearness, size and kind."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter

from services.contracts import Article, Span
from services.extractor.language.text import BODY_LIMIT, CAPTIONS_LIMIT
from services.extractor.world.atlas import Site, folded, similar, sites
from services.extractor.world.gazetteer import alpha2, hits, names, words

_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*"
_NAME = re.compile(rf"(?<!\w)(?:al-)?{_WORD}(?:\.?[ -](?:(?:of|the|al|el|de|la|le|upon|and)[ -])?{_WORD})*\.?")
_WHERE = re.compile(
    r"\b(?:in|at|near|outside|from|to|of|around|towards?|into|across|inside|over|between|and)\s(?:the\s)?$"
)
_LIES_IN = re.compile(rf",? (?:in|on) (?:the |[a-z]+ern |central |neighbou?ring )*({_NAME.pattern})")
_INSIDE = re.compile(r"\s?[,(]\s?$")
_KINDS = {"country": 4.0, "area": 9.0, "capital": 2.5, "city": 0.8, "admin1": 0.4, "admin2": -0.6}
_NEAR = 150  # kilometres
_NEAR_DEGREES = 1.35  # of latitude: no less
_LARGE_TOWN = 300_000  # inhabitants
_TOWNS = frozenset({"city", "capital", "admin2"})
_LARGE = frozenset({"country", "admin1", "area"})
_CODE = 3  # letters
_COMMON = frozenset(words("no_places"))
_MOST = 40  # towns around that are compared with a place
_LONGEST = 5  # words of a place's name


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands at text[start:end]."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Scene:
    """Where an article plays: the countries that it names, with how often, and its places."""

    text: str
    lands: Counter[str]
    around: tuple[Mention, ...]
    fields: dict[str, int] = field(default_factory=dict)

    def offset(self, span: Span) -> int:
        """Where a span of the article stands in `text`; `fields` holds the beginning of each field."""
        return self.fields.get(span.at, 0) + span.start

    def span(self, mention: Mention) -> Span:
        """Where a name of `text` stands in the article."""
        at, begin = max(((at, start) for at, start in self.fields.items() if start <= mention.start), key=itemgetter(1))
        start = mention.start - begin
        return Span(at=at, start=start, end=start + len(mention.text), text=mention.text)

    @cached_property
    def _told(self) -> int:
        """How often any country is named."""
        return sum(self.lands.values())

    @cached_property
    def _first(self) -> tuple[Site | None, ...]:
        """The first guess for each name around: without nearness."""
        return tuple(self._best(mention, ()) for mention in self.around)

    @cached_property
    def _towns(self) -> tuple[tuple[str, Site], ...]:
        """The towns among these guesses, with the names that stand for them."""
        each = zip(self.around, self._first, strict=True)
        return tuple((other.text, site) for other, site in each if site is not None and site.kind in _TOWNS)

    def site(self, mention: Mention) -> Site | None:
        """The place that a name means where it stands; None for a name that no place has."""
        near = (site for name, site in self._towns if name != mention.text)
        return self._best(mention, tuple(islice(near, _MOST)))

    def beside(self, mention: Mention, land: str | None) -> Site | None:
        """The town of a land that is named nearest to a name: about where what is on no map lies."""
        towns = [
            (abs(other.start - mention.start), site) for other, site in zip(self.around, self._first, strict=True)
            if site is not None and site.kind in _TOWNS and site.country == land and other.start != mention.start
        ]  # fmt: skip
        return min(towns, key=lambda pair: pair[0], default=(0, None))[1]

    def _best(self, mention: Mention, near: tuple[Site, ...]) -> Site | None:
        found = candidates(mention.text) or self._sounding(mention.text)
        return self._likeliest(found, mention, near)

    def _likeliest(self, found: tuple[Site, ...], mention: Mention, near: tuple[Site, ...]) -> Site | None:
        if len(found) <= 1:
            return next(iter(found), None)
        within = self._within(mention)
        found = self._of_two_lands(found)
        return max(found, key=lambda site: self._score(site, within, near), default=None)

    def _of_two_lands(self, found: tuple[Site, ...]) -> tuple[Site, ...]:
        """Without the country of a name, where a larger region has it too and the story is of that one's country."""
        land = next((site for site in found if site.kind == "country"), None)
        region = next((site for site in found if site.kind == "admin1"), None)
        if land is None or region is None or not _shadowed(land, region):
            return found
        if self.lands[land.country or ""] >= self.lands[region.country or ""]:
            return found
        return tuple(site for site in found if site is not land)

    def around_part(self, mention: Mention) -> Site | None:
        """The place that the longest part of a name means: "Damascus airport", "Dubai World Cup"."""
        return self._likeliest(self._part(mention.text), mention, ())

    def _part(self, name: str) -> tuple[Site, ...]:
        """The places that the longest part of a name may mean, if they are large or of a land told of."""
        pieces = name.split()
        spans = [(i, i + n) for n in range(len(pieces) - 1, 0, -1) for i in range(len(pieces) - n + 1)]
        for start, end in spans:
            piece = " ".join(pieces[start:end])
            if not piece[0].isupper() or folded(piece) in _COMMON:
                continue
            found = tuple(s for s in candidates(piece) if s.people > _LARGE_TOWN or self.lands[s.country or ""])
            if found:
                return found
        return ()

    def _sounding(self, name: str) -> tuple[Site, ...]:
        return tuple(site for land, _ in self.lands.most_common(2) for site in similar(name, land))

    def _within(self, mention: Mention) -> tuple[Site, ...]:
        """What stands behind a comma: "Paris, Texas"."""
        if not self.text.startswith((",", "(", " ("), mention.end):
            return ()
        after = re.match(rf",? ?\(?({_NAME.pattern})", self.text[mention.end : mention.end + 40])
        if after is None:
            return ()
        return tuple(s for s in candidates(after[1].rstrip(".")) if s.kind in {"country", "admin1"})

    def land_behind(self, mention: Mention) -> str | None:
        """The land (ISO 3166-1 alpha-2) in which the text says that a place lies: "Mount Karal in Nepal"."""
        after = _LIES_IN.match(self.text, mention.end)
        found = self._best(Mention(after.start(1), after.end(1), after[1]), ()) if after is not None else None
        return found.country if found is not None else None

    def _score(self, site: Site, within: tuple[Site, ...], near: tuple[Site, ...]) -> float:
        score = math.log10(site.people + 1) + _KINDS[site.kind] + 1.0 * site.own
        if site.kind != "country" and self._told:
            score += 3 * self.lands[site.country or ""] / self._told
        score += 9 * any(_inside(site, other) for other in within)
        if site.kind in _TOWNS:
            beside = (other for other in near if abs(other.lat - site.lat) < _NEAR_DEGREES and other.id != site.id)
            score += 1.5 * any(site.km(other) < _NEAR for other in beside)
        return score


def _shadowed(land: Site, region: Site) -> bool:
    """As the state of Georgia does to the country."""
    return region.country != land.country and region.people > land.people


def _inside(site: Site, outer: Site) -> bool:
    if site.id == outer.id or site.country != outer.country:
        return False
    return outer.kind == "country" or (outer.kind == "admin1" and outer.admin1 == site.admin1 and site.kind != "admin1")


@lru_cache(maxsize=4096)
def candidates(name: str) -> tuple[Site, ...]:
    """The places that a name may mean; a people's name means their country, a short one in capitals no town."""
    bare = _spelt(name)
    land = names().get(bare)
    found = sites(bare)
    if land is not None and land.kind in {"country", "people"} and not any(s.own and s.kind in _LARGE for s in found):
        found = sites(land.name)
    if land is not None and land.kind == "people":
        return tuple(site for site in found if site.kind == "country")
    if bare.isupper() and len(bare) <= _CODE:
        return tuple(site for site in found if site.kind not in {"city", "admin2"})
    return found


def _spelt(name: str) -> str:
    name = re.sub(r"(?:['’]s|['’])$", "", name.strip(" \t.,;:()\"'“”‘’"))
    return re.sub(r"^[Tt]he\s", "", name)


def scene_of(article: Article) -> Scene:
    """Read the places of an article: of its headline, dateline, body and captions."""
    fields = {"/headline": article.headline or "", "/body": article.body[:BODY_LIMIT]}
    fields |= {f"/images/{n}/caption": image.caption or "" for n, image in enumerate(article.images[:CAPTIONS_LIMIT])}
    starts, at = {}, 0
    for name, text in fields.items():
        starts[name] = at
        at += len(text) + 1
    text = "\n".join(fields.values())
    return replace(scene_in(text, tuple(_mentions(text))), fields=starts)


def scene_in(text: str, mentions: tuple[Mention, ...]) -> Scene:
    """The scene of a text whose place names are known."""
    lands: Counter[str] = Counter()
    for hit in hits(text):
        code = alpha2(hit.named.country)
        vague = hit.named.kind == "country" and _of_a_region(hit.named.name)
        if code and hit.named.kind in {"country", "people", "capital"} and not vague:
            lands[code] += 1
    for mention in mentions:
        found = sites(_spelt(mention.text))
        if found and found[0].country and (found[0].people > _LARGE_TOWN or len(found) == 1):
            lands[found[0].country] += 1
    return Scene(text, lands, mentions)


@lru_cache(maxsize=1024)
def _of_a_region(name: str) -> bool:
    """Whether a country's name may be that of a larger region elsewhere: it says nothing of where a story plays."""
    found = sites(name)
    land = next((site for site in found if site.kind == "country"), None)
    return land is not None and any(site.kind == "admin1" and _shadowed(land, site) for site in found)


def _mentions(text: str) -> Iterable[Mention]:
    for match in _NAME.finditer(text):
        start = match.start()
        if _WHERE.search(text[max(0, start - 12) : start]) or _INSIDE.search(text[max(0, start - 2) : start]):
            name = match.group().rstrip(".")
            if len(name.split()) <= _LONGEST and sites(_spelt(name)):
                yield Mention(start, start + len(name), name)
