"""Stands in for a service where a test is about the installation: answers 200 on its port, and ends when it is asked to."""

from __future__ import annotations

import http.server
import os
import signal
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    """Ready at once."""

    def do_GET(self) -> None:
        """Every path is answered alike."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ready")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"{os.environ['TIEOUT_INSTANCE']} serves", flush=True)
    http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["TIEOUT_HTTP_PORT"])), Handler).serve_forever()
