"""The application on a free port of this machine, in this process, on the test database. Must not serve anything else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

THREADS = 6


class Handler(WSGIRequestHandler):
    """Quiet, and does not wait for a browser that opened a line it has no use for."""

    timeout = 5

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


class Server(WSGIServer):
    """Answers with a few threads that live as long as it does, so that each keeps its connections."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Make the threads."""
        super().__init__(*args, **more)
        self.pool = ThreadPoolExecutor(THREADS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Let a thread answer."""
        self.pool.submit(self._answer, request, client_address)

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # the browser went away
        finally:
            self.shutdown_request(request)

    def server_close(self) -> None:
        """Let every thread close its connections before it goes."""
        super().server_close()
        everybody = Barrier(THREADS)

        def leave() -> None:
            everybody.wait(20)
            connections.close_all()

        for done in [self.pool.submit(leave) for _thread in range(THREADS)]:
            done.result(30)
        self.pool.shutdown()


@contextmanager
def served() -> Iterator[str]:
    """Serve the application. Yields its address."""
    from coordination.wsgi import application

    server = make_server("127.0.0.1", 0, application, Server, Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
