"""Which IP address a host name stands for: looked up once, so that who waits for an address also connects to it."""

import asyncio
import socket
from dataclasses import dataclass

MOST = 20_000
FRESH = 300.0  # seconds; longer than any pause between waiting for an address and connecting to it
NO_ADDRESS = ""


@dataclass(frozen=True, slots=True)
class _Found:
    addresses: tuple[tuple[int, str], ...]
    until: float


class Addresses:
    """Gives one address a name: the first that the system names, the next one after a failure.

    `patience`: seconds that a look-up may take.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._found: dict[str, _Found] = {}

    async def of(self, hostname: str) -> str:
        """The address that a connection to this host will go to; "" if the name cannot be resolved."""
        try:
            _, address = await self.first(hostname)
        except OSError:
            return NO_ADDRESS
        return address

    def failed(self, hostname: str) -> None:
        """Nobody answered at the host's address: the next connection goes to the next one."""
        found = self._found.get(hostname)
        if found is not None:
            self._found[hostname] = _Found(found.addresses[1:] + found.addresses[:1], found.until)

    async def first(self, hostname: str) -> tuple[int, str]:
        """The family and the address for a connection to this host. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = self._found.get(hostname)
        if found is None or found.until <= loop.time():
            addresses = await self._looked_up(hostname.strip("[]"))
            if len(self._found) >= MOST:
                self._found.clear()
            found = self._found[hostname] = _Found(addresses, loop.time() + FRESH)
        return found.addresses[0]

    async def _looked_up(self, name: str) -> tuple[tuple[int, str], ...]:
        """What the system says. Raises gaierror, also for what is no name and for a resolver that does not answer."""
        try:
            async with asyncio.timeout(self._patience):
                rows = await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except UnicodeError as error:  # a label is empty, or has more than 63 characters
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
        except TimeoutError as error:
            raise socket.gaierror(socket.EAI_AGAIN, "no answer in time") from error
        return tuple(dict.fromkeys((int(row[0]), str(row[4][0])) for row in rows))
