"""A worker whose stage does what its messages say: `python -m tests.integration.worker`.

A message is JSON: {"id": …, "do": what, "ms": work in milliseconds}; the output carries the id as key and value. The
stage remembers the last ids of each place, so that every fault also meets a memory; no output depends on it.
"""

import ctypes
import json
import os
import time

from services import topics
from services.envelope import headers
from services.stage import Memory, Message, Outcome, Reason, Record, Rejected, Stage
from tests.integration.clock import LONG_AGO


def obey(message: Message) -> Outcome:
    if message.header("order") is None:
        return Outcome()  # another test's page: the broker is shared
    order = json.loads(message.value or b"{}")
    time.sleep(order.get("ms", 0) / 1000)
    match order.get("do"):
        case "reject":
            raise Rejected(Reason.NO_ARTICLE, "as ordered")
        case "raise":
            raise RuntimeError("as ordered")
        case "hang":
            time.sleep(3600)
        case "eat":
            bytearray(1 << 40)
        case "exit":
            os._exit(3)
        case "segfault":
            ctypes.string_at(0)
    about = headers(kind="article", ident=order["id"], source="test", time=LONG_AGO)
    return Outcome(
        records=(
            Record(
                topic=topics.ARTICLES,
                key=order["id"].encode(),
                value=message.value,
                headers=about,
                place=order["place"],
            ),
        ),
        lesson=order["id"].encode(),
    )


def place_of(message: Message) -> str:
    return (message.key or b"").decode()


def remember(place: str, known: bytes | None, lesson: bytes) -> bytes:
    """The last hundred ids of the place."""
    return b" ".join([*(known or place.encode()).split(b" "), lesson][-100:])


OBEDIENT = Stage(
    name="obedient", source=topics.PAGES, work=obey, memory=Memory(topic=topics.SITES, about=place_of, learn=remember)
)

if __name__ == "__main__":
    from services.streams import run

    run(OBEDIENT)
