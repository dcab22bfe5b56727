"""What many tests stand on: a real Apache Kafka for the whole run, and the shared data where it is at hand."""

import logging
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from services import local
from services.settings import Settings

hypothesis.settings.register_profile("dateline", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("dateline")

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def broker_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Kafka]:
    """Apache Kafka on a free port of loopback."""
    with local.Kafka(tmp_path_factory.mktemp("kafka")) as kafka:
        kafka.start(logging.getLogger("tests").info)
        yield kafka


@pytest.fixture(scope="session")
def kafka(broker_process: local.Kafka) -> Settings:
    """Settings that point at a running Apache Kafka with all topics created."""
    settings = Settings(brokers=broker_process.address, partitions=4, allow_private=True, delay=0.2, health_port=0)
    local.create_topics(settings, logging.getLogger("tests").info)
    return settings


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with labelled pages and articles beside the repository; skips the test where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no labelled data at {SHARED.name}/ beside the repository: nothing to measure on")
    return SHARED
