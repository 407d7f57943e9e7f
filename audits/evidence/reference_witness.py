"""A small reference witness: it cosigns what only ever grows (C2SP tlog-witness).

    python -m audits.evidence.reference_witness STATE --port 8470 --log KEY [--log KEY …]

STATE is a folder of the witness's own. Its key is made there at the first start. The newest head
of each log is kept there before it is cosigned. KEY is a log's verifier key. The witness prints its
own verifier key when it starts. Run it where the log's operator has no access.
"""

import argparse
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from audits.evidence.folder import write
from audits.evidence.keys import SigningKey
from audits.evidence.witness import Cosigned, Refusal, cosign
from tools.verify_evidence import COSIGNATURE, VerifierKey

MOST_BYTES = 64 * 1024
SILENCE = 10  # seconds after which a silent client is let go


class Witness:
    """The heads that were cosigned, in a file; one request is judged at a time."""

    def __init__(self, folder: Path, *, name: str, logs: list[VerifierKey]) -> None:
        self.heads = folder / "heads.json"
        self.logs = {key.name: key for key in logs}
        self.key = _key(folder / "key", name)
        self.turn = threading.Lock()

    def add_checkpoint(self, body: str) -> str:
        """Return the cosignature line. Raises Refusal. The new head is on the disk by then."""
        with self.turn:
            last = self._last()
            origin, head, line = cosign(
                body, logs=self.logs, last=last, key=self.key, at=int(time.time())
            )
            last[origin] = head
            kept = {name: [one.size, one.root.hex()] for name, one in last.items()}
            write(self.heads, json.dumps(kept).encode())
        return line

    def _last(self) -> dict[str, Cosigned]:
        if not self.heads.exists():
            return {}
        kept = json.loads(self.heads.read_text())
        return {name: Cosigned(size, bytes.fromhex(root)) for name, (size, root) in kept.items()}


def _key(path: Path, name: str) -> SigningKey:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(SigningKey.make(name, kind=COSIGNATURE).dump())
    return SigningKey.parse(path.read_text())


def server(witness: Witness, port: int) -> ThreadingHTTPServer:
    """Return an HTTP server of this witness on this machine's own address."""

    class Handler(BaseHTTPRequestHandler):
        timeout = SILENCE

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._answer(404, "there is nothing here\n")
            elif not length.isdecimal() or int(length) > MOST_BYTES:
                self._answer(400, "not a request of add-checkpoint\n")
            else:
                self._judge(self.rfile.read(int(length)))

        def _judge(self, body: bytes) -> None:
            try:
                self._answer(200, witness.add_checkpoint(body.decode("utf-8", "replace")))
            except Refusal as refusal:
                kind = "text/plain" if refusal.size is None else "text/x.tlog.size"
                self._answer(refusal.status, refusal.words.rstrip("\n") + "\n", kind)

        def _answer(self, status: int, words: str, kind: str = "text/plain") -> None:
            content = words.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, form: str, *values: Any) -> None:
            print(form % values, flush=True)

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("state", type=Path)
    parser.add_argument("--port", type=int, default=8470)
    parser.add_argument("--name", default="witness.localhost")
    parser.add_argument("--log", type=VerifierKey.parse, action="append", required=True)
    options = parser.parse_args()
    witness = Witness(options.state, name=options.name, logs=options.log)
    with server(witness, options.port) as serving:
        print(f"{witness.key.verifier}\nlistening on port {serving.server_port}", flush=True)
        serving.serve_forever()


if __name__ == "__main__":
    main()
