"""Dead letters sent back to the topic they came from, each once."""

from services import broker
from services.settings import Settings
from services.stage import Message, Record
from services.topics import Topic

GROUP = "dateline-replay"
QUIET = 3  # polls without a letter after which the rest is taken to be none


def replay(settings: Settings, source: Topic) -> int:
    """Sends the dead letters of `source` back to it, without their error headers, up to the present end.

    Returns how many. The group's offsets tell which were sent back before. Raises broker.Undelivered and broker.AWAY.
    """
    sent = quiet = 0
    end = broker.ends(settings, source.dead)  # a letter that dies again meanwhile waits for the next replay
    with (
        broker.Publisher(settings, "replay") as publisher,
        broker.GroupConsumer(settings, source.dead, GROUP) as letters,
    ):
        while quiet < QUIET or not letters.assigned:
            came = [each for each in letters.poll(1) if each.offset < end[each.partition]]
            publisher.publish(revived(each, source) for each in came)
            letters.commit({each.partition: each.offset + 1 for each in came})
            quiet = 0 if came else quiet + 1
            sent += len(came)
    return sent


def revived(letter: Message, source: Topic) -> Record:
    """The record as it was before it died."""
    headers = tuple(each for each in letter.headers if not each[0].startswith("dateline.error."))
    place = (letter.key or b"").decode(errors="replace")
    return Record(topic=source, key=letter.key, value=letter.value, headers=headers, place=place)
