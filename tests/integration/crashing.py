"""A worker whose Faust crashes in its consumer's thread, as a failed commit makes it: `python -m …crashing`."""

import asyncio
from typing import Any

from services import streams
from tests.integration.worker import OBEDIENT

run_app = streams._run_app  # noqa: SLF001 - the fault can only be put in where the app runs


async def crash_soon(app: Any) -> None:
    async def crash() -> None:
        await asyncio.sleep(5)
        thread = app.consumer._thread  # noqa: SLF001 - Faust's own thread, where commits fail
        await thread.crash(RuntimeError("a commit that failed"))

    app.crash_task = asyncio.create_task(crash())
    await run_app(app)


if __name__ == "__main__":
    streams._run_app = crash_soon  # noqa: SLF001
    streams.run(OBEDIENT)
