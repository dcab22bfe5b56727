"""Topics and their records: create and show, tail, replay of dead letters."""

import argparse
import contextlib
import json
from typing import TYPE_CHECKING

from services.cli.arguments import Commands, at_least_one
from services.cli.exits import FAILED, OK, USAGE, Failed, kafka
from services.settings import read

if TYPE_CHECKING:
    from services.stage import Message
    from services.topics import Topic


def add_to(commands: Commands) -> None:
    """Adds `topics`, `tail` and `replay`."""
    topics = commands.add_parser("topics", help="create the topics, or show them")
    topics.add_argument("do", choices=("create", "show"))
    topics.set_defaults(run=run_topics)
    tail = commands.add_parser("tail", help="a topic's records as they come, with their headers")
    tail.add_argument("topic", help="news.events.v1, or short: events, articles, pages, pages.dead …")
    tail.add_argument("--from-start", action="store_true", help="from the topic's first record")
    tail.add_argument("--count", type=at_least_one, help="stop after so many records")
    tail.add_argument("--json", action="store_true", help="the values alone, one JSON object a line")
    tail.set_defaults(run=tail_topic)
    replay = commands.add_parser("replay", help="send dead letters back to the topic they came from, each once")
    replay.add_argument("topic", help="pages.dead or articles.dead")
    replay.set_defaults(run=replay_topic)


def run_topics(asked: argparse.Namespace) -> int:
    """`dateline topics create|show`."""
    from services import broker, topics

    settings = read()
    with kafka(settings):
        if asked.do == "create":
            created = broker.ensure_topics(settings)
            print("\n".join(f"created {name}" for name in created) or "all topics are there")
            return OK
        missing = set(broker.missing_topics(settings))
    for each in topics.TOPICS:
        kept = "for ever" if each.retention is None else f"{each.retention // topics.DAY} days"
        there = "missing" if each.name in missing else f"{broker.partitions_of(each, settings)} partitions"
        contract = each.contract.__name__ if each.contract else "the page itself"
        print(f"{each.name:26} {there:14} key: {each.key:14} value: {contract:16} {each.cleanup}, kept {kept}")
    return FAILED if missing else OK


def tail_topic(asked: argparse.Namespace) -> int:
    """`dateline tail TOPIC`."""
    from services import broker

    settings = read()
    topic = _topic(asked.topic)
    with kafka(settings):
        if topic.name in broker.missing_topics(settings):
            raise Failed(f"the topic {topic.name} does not exist (`dateline topics create` creates all)")
        came = (each for each in broker.follow(settings, topic, from_start=asked.from_start) if each is not None)
        for number, message in enumerate(came, 1):
            if asked.json:
                print(_json_line(message.value))
            else:
                _print_record(message, as_json=topic.contract is not None)
            if number == asked.count:
                break
    return OK


def _print_record(message: "Message", *, as_json: bool) -> None:
    key = (message.key or b"").decode(errors="replace")
    print(f"── {message.topic} [{message.partition}] {message.offset}  {key}")
    for name, value in message.headers:
        print(f"   {name}: {value.decode(errors='replace')}")
    print(_readable(message.value, as_json=as_json))


def _json_line(value: bytes | None) -> str:
    """The value as it is if it is one line of JSON, else as a JSON string; null for a key that is taken back."""
    if value is None:
        return "null"
    text = value.decode(errors="replace")
    return text if text.startswith("{") and "\n" not in text else json.dumps(text, ensure_ascii=False)


def _readable(value: bytes | None, *, as_json: bool) -> str:
    if value is None:
        return "   (taken back)"
    if as_json:
        with contextlib.suppress(ValueError):
            return json.dumps(json.loads(value), indent=1, ensure_ascii=False)
    head = value[:400].decode(errors="replace")
    return f"{head}{'…' if len(value) > len(head) else ''}\n   ({len(value)} bytes)"


def replay_topic(asked: argparse.Namespace) -> int:
    """`dateline replay TOPIC.dead`."""
    from services import topics
    from services.cli import replay

    settings, dead = read(), _topic(asked.topic)
    source = next((each for each in topics.TOPICS if each.dead.name == dead.name), None)
    if source is None:
        raise Failed(f"{dead.name} is no topic of dead letters: pages.dead or articles.dead", USAGE)
    with kafka(settings):
        done = replay.replay(settings, source)
    kept = f"; {done.cut} stay, for they had been cut" if done.cut else ""
    print(f"{done.sent} dead letters sent back to {source.name}{kept}")
    return OK


def _topic(name: str) -> "Topic":
    from services import topics

    try:
        return topics.topic(name)
    except KeyError as error:
        raise Failed(error.args[0], USAGE) from error
