"""The gallery on a free port of this machine, under the content policy the site has. Must not serve anything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.frontend import gallery

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; manifest-src 'self'"
)
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class Handler(BaseHTTPRequestHandler):
    """Serves the gallery under the strict policy the site has. The query chooses: ?theme=dark, ?receipt=1, ?messages=1."""

    def do_GET(self) -> None:
        """One page, or one static file."""
        parts = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        name = parts.path.strip("/")
        file = (gallery.ROOT / name).resolve()
        if name.startswith("static/") and file.is_relative_to(gallery.ROOT / "static") and file.is_file():
            self.answer(file.read_bytes(), KINDS[file.suffix])
        elif name in gallery.BODIES:
            html = gallery.render(
                name, theme=asked.get("theme", "auto"), receipt="receipt" in asked, messages="messages" in asked
            )
            self.answer(html.encode(), "text/html; charset=utf-8")
        elif name.removeprefix("error-") in gallery.ERRORS:
            self.answer(gallery.render_error(name.removeprefix("error-")).encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def answer(self, body: bytes, kind: str) -> None:
        """Send one body."""
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def served() -> Iterator[str]:
    """The gallery on a free port of this machine. Yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
