"""The fetcher's process."""

from services import settings
from services.fetcher.run import run


def main() -> None:
    """Reads the settings and fetches until it is told to stop."""
    run(settings.read())


if __name__ == "__main__":
    main()
