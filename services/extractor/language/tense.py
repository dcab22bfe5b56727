"""Whether the words around a time speak of what was or of what is to come."""

import re

_MODAL = r"(?-i:can|could|may|might|must|should)"
_CROWDS = (
    r"(?:strikes?|stoppages?|walkouts?|march(?:es)?|rall(?:y|ies)|protests?|demonstrations?|shutdowns?|bandhs?|hartals?|"
    r"sit-ins?|boycotts?|blockades?|vigils?|elections?|referendums?|polls?|mourning)"
)
_CALLED = (  # "called a one-day strike for Friday", "summoned both sides to talks on Monday"
    r"(?:call(?:s|ed|ing)?(?! off)|announc\w+|declar\w+) "
    rf"(?:(?!at |after |during |before |about |who |that |in )[\w'-]+ ){{0,6}}{_CROWDS}|"
    r"(?:invit|summon)\w* (?:[\w'-]+ ){1,5}to (?:[\w'-]+ ){0,3}(?:talks|meetings?|hearings?|office|capital)"
)
_AHEAD = re.compile(
    rf"\b(?:{_CALLED}|"
    r"will|'ll|won't|shall|would(?!-be)|going to|upcoming|scheduled|slated|due|set (?:to|for)|expect\w* to|"
    r"plan(?:s|ned|ning)? (?:to|for|an?|the|another|new|more)|(?:is|are) (?!be)\w+ing|"
    r"expected(?= (?:from|in|on|at|back)\b)|invitation to|"
    r"intend\w* to|hop(?:es?|ed|ing) to|(?:is|are|was|were) to|starting|vow\w* to|agreed to|"
    rf"ready to|{_MODAL}(?! have \w+(?:ed|en)\b)|"
    r"(?<!the )(?:begins|(?:re)?opens|resumes|expires|kicks off|takes (?:effect|office)|goes on (?:trial|sale))|"
    r"(?:is|are)(?= (?:only )?(?:on |in )?$))(?!\w)(?! [\d.,]+)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:was|were|had|did|said|told|came|went|took|met|won|lost|began|fell|rose|held|hit|left|led|made|saw|sent|"
    r"shot|since|has|have|after|last(?! of)|ago|[a-z]{2,}ed)\b",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|by|before|beginning)(?: (?:the|next|early|late|end|of))*\s?$", re.IGNORECASE)
_BY_THEN = re.compile(r"^(?:but |and )?by\s?$", re.IGNORECASE)
_PASSIVE = re.compile(
    rf"\b(?:(?P<kept>(?:will|would|shall|to|{_MODAL}) )(?:(?:\w+ly )?be [a-z]+(?:ed|en|ld)|have(?! \w+(?:ed|en)\b))|"
    r"(?:is|are) (?!expect|schedul|slat|hop)[a-z]+(?:ed|en|ld))\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?;]\s|\n")
_AROUND = 120  # characters on either side in which the verb is looked for


def ahead(text: str, start: int, end: int) -> bool | None:
    """Whether the words around text[start:end] speak of what is to come: the cue nearest before it, else after it.

    None where there is no cue.
    """
    before = _PASSIVE.sub(_kept, _STOP.split(text[max(0, start - _AROUND) : start])[-1])
    after = _PASSIVE.sub(_kept, _STOP.split(text[end : end + _AROUND])[0])
    coming, gone = ([m.start() for m in cue.finditer(before)] for cue in (_AHEAD, _BEHIND))
    if coming or gone:
        return bool(coming) and (not gone or max(coming) >= max(gone))
    if _UNTIL.search(before) and not (_BY_THEN.search(before.strip()) and _BEHIND.search(after)):
        return True
    first, other = _AHEAD.search(after), _BEHIND.search(after)
    if first is None and other is None:
        return None
    return first is not None and (other is None or first.start() < other.start())


def _kept(passive: re.Match[str]) -> str:
    """The auxiliary alone: "will be held" and "should have" speak of no past, nor does "are held"."""
    return passive["kept"] or ""
