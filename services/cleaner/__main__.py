"""Pages in, articles out."""

from services import topics
from services.cleaner.clean import clean
from services.cleaner.memory import MEMORY
from services.stage import Stage

CLEANER = Stage(name="cleaner", source=topics.PAGES, work=clean, memory=MEMORY)


def main() -> None:
    """Run the cleaner until it is told to stop."""
    from services.streams import run  # noqa: PLC0415 - a child process imports this module and must stay free of Faust

    run(CLEANER)


if __name__ == "__main__":
    main()
