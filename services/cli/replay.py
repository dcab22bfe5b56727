"""Dead letters sent back to the topic they came from, each once."""

import time
from dataclasses import dataclass

from services import broker
from services.settings import Settings
from services.stage import CUT, Message, Record
from services.topics import Topic

GROUP = "dateline-replay"
STALLED = 60.0  # seconds without a letter, before the end, after which the replay gives up


class ReplayStalled(Exception):
    """Letters are left, but the group does not bring them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replayed:
    """How many letters were sent back, and how many were not, for they hold a part of their record only (`cut`)."""

    sent: int
    cut: int


def replay(settings: Settings, source: Topic) -> Replayed:
    """Sends the dead letters of `source` back to it, without their error headers, up to the present end.

    The group's offsets tell which were sent back before (Kafka forgets them a week after the last replay). Raises
    broker.Undelivered, broker.AWAY and ReplayStalled.
    """
    sent, cut, moved = 0, 0, time.monotonic()
    end = broker.ends(settings, source.dead)  # a letter that dies again meanwhile waits for the next replay
    with (
        broker.Publisher(settings, "replay") as publisher,
        broker.GroupConsumer(settings, source.dead, GROUP) as letters,
    ):
        while not _at_end(letters, end):
            came = [each for each in letters.poll(1) if each.offset < end[each.partition]]
            whole = [each for each in came if each.header(CUT) is None]
            publisher.publish(revived(each, source) for each in whole)
            letters.commit({each.partition: each.offset + 1 for each in came})
            sent, cut = sent + len(whole), cut + len(came) - len(whole)
            moved = time.monotonic() if came else moved
            if time.monotonic() - moved > STALLED:
                raise ReplayStalled(f"{sent} letters sent back, then none for {STALLED:.0f} s")
    return Replayed(sent=sent, cut=cut)


def _at_end(letters: broker.GroupConsumer, end: dict[int, int]) -> bool:
    at = letters.positions()
    return bool(at) and all(offset >= end[number] for number, offset in at.items())


def revived(letter: Message, source: Topic) -> Record:
    """The record as it was before it died."""
    headers = tuple(each for each in letter.headers if not each[0].startswith("dateline.error."))
    place = (letter.key or b"").decode(errors="replace")
    return Record(topic=source, key=letter.key, value=letter.value, headers=headers, place=place)
