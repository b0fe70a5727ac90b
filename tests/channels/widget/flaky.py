"""A network that breaks: a TCP proxy that cuts connections in the middle of what they carry."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Flaky:
    """Passes everything on until `cuts_left` says to cut; then each connection ends somewhere.

    Where is drawn anew for each: in the request, while it is being answered, or in the answer.
    """

    def __init__(self, base: str, seed: int) -> None:
        where = urlsplit(base)
        self._server = (where.hostname or "", where.port or 0)
        self._random = random.Random(seed)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.cuts_left = 0
        self.base = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def serve(self) -> None:
        """Accept until closed."""
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def _carry(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), socket.create_connection(self._server) as server:
            ends = (client, server)
            with self._lock:
                draw = self._random.random(), self._random.random()
            up = int(1200 * draw[1]) if draw[0] < 0.4 else 10**9
            down = int(2500 * draw[1]) if draw[0] >= 0.4 else 10**9
            back = threading.Thread(target=self._pass, args=(server, client, down, ends))
            back.start()
            self._pass(client, server, up, ends)
            back.join()

    def _pass(
        self,
        source: socket.socket,
        sink: socket.socket,
        allowed: int,
        ends: tuple[socket.socket, ...],
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if len(data) > allowed and self._may_cut():
                    sink.sendall(data[:allowed])
                    break
                allowed -= len(data)
                sink.sendall(data)
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _may_cut(self) -> bool:
        with self._lock:
            if self.cuts_left <= 0:
                return False
            self.cuts_left -= 1
            return True


@contextlib.contextmanager
def flaky(base: str, seed: int = 7) -> Iterator[Flaky]:
    """A proxy in front of `base`, on a port of its own."""
    proxy = Flaky(base, seed)
    threading.Thread(target=proxy.serve, daemon=True).start()
    yield proxy
    proxy.close()
