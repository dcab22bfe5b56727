"""The TDM Reservation Protocol's file (W3C community group report, 2024): what of a site may not be mined."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from services.fetcher.wire.download import Request
from services.urls import path_of

WELL_KNOWN = "/.well-known/tdmrep.json"
LARGEST = 100 * 1024  # bytes
MOST_RULES = 1000
LONGEST = 1000  # characters of what a rule says


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of a tdmrep.json: which paths (with * and $ as in robots.txt), "0" or "1", and where the policy stands."""

    location: str
    reservation: str
    policy: str | None = None


def request(address: str) -> Request:
    """The request for a tdmrep.json."""
    return Request(url=address, accept="application/json,*/*;q=0.1", text_only=False, most=LARGEST)


def rules(body: bytes) -> tuple[Rule, ...]:
    """The rules of a tdmrep.json; none for bytes that are none."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    entries = listed[:MOST_RULES] if isinstance(listed, list) else [listed]
    return tuple(_rule(entry) for entry in entries if isinstance(entry, dict) and "tdm-reservation" in entry)


def rule_for(url: str, among: Iterable[Rule]) -> Rule | None:
    """The rule that speaks for a URL: the one of the longest location, as in robots.txt. Raises BadUrl."""
    path = unquote(path_of(url))
    fitting = [rule for rule in among if fits(rule.location, path)]
    return max(fitting, key=lambda rule: len(rule.location), default=None)


def fits(pattern: str, path: str) -> bool:
    """Whether a path begins with the pattern, in which * is any text and a last $ the end."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for part in others:
        at = path.find(part, at)
        if at < 0:
            return False
        at += len(part)
    if not pattern.endswith("$"):
        return True
    return path.endswith(others[-1]) if others else at == len(path)


def _rule(entry: dict[str, object]) -> Rule:
    location, policy = entry.get("location"), entry.get("tdm-policy")
    return Rule(
        location=unquote(location)[:LONGEST] if isinstance(location, str) else "/",
        reservation=str(entry["tdm-reservation"])[:LONGEST],
        policy=policy if isinstance(policy, str) else None,
    )
