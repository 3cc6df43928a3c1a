"""A relay in front of the app's port that counts what the server really sends, after any compression."""

from __future__ import annotations

import socket
import threading


class CountingRelay:
    """Passes every connection on to the app, and counts the bytes that come back over websockets.

    A browser reports a message's size before compression: only the connection itself shows what was sent.
    """

    def __init__(self, port: int) -> None:
        self.received = 0
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def lead_to(self, port: int) -> None:
        """Pass new connections on to another port: the app was started again."""
        self._target = port

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed: the tests are over
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("localhost", self._target))
        except OSError:  # the app has ended, and may start again
            near.close()
            return
        with near, far:
            first = near.recv(65536)
            far.sendall(first)
            websocket = b"upgrade: websocket" in first.lower()
            up = threading.Thread(target=self._pump, args=(near, far, False), daemon=True)
            up.start()
            self._pump(far, near, websocket)
            up.join()

    def _pump(self, source: socket.socket, sink: socket.socket, count: bool) -> None:
        try:
            while data := source.recv(65536):
                # Counted before it is passed on: once the browser has a message, it has been counted.
                self.received += len(data) if count else 0
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # the other side has gone
            return
