"""Articles in, events out."""

from dataclasses import replace
from functools import partial

from services import settings, topics
from services.extractor.extract import extract, prepare
from services.stage import Stage

EXTRACTOR = Stage(name="extractor", source=topics.ARTICLES, work=extract, prepare=prepare)


def main() -> None:
    """Run the extractor until it is told to stop."""
    from services.streams import run  # noqa: PLC0415 - a child imports this module and must not import Faust

    run(replace(EXTRACTOR, work=partial(extract, least=settings.read().min_confidence)))


if __name__ == "__main__":
    main()
