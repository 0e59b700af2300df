"""A mail server on this machine that takes mails, refuses them, hangs, or drops the line."""

from __future__ import annotations

import contextlib
import email
import socketserver
import threading
from collections import Counter
from enum import Enum


class Mood(Enum):
    """How it treats whoever connects."""

    TAKING = "takes each mail"
    REFUSING = "says that there is no service"
    DROPPING = "drops the line when the mail has arrived, before it says so"
    HANGING = "lets everybody wait without a word"


class MailServer:
    """Runs from the beginning; counts the mails that it said yes to, by Message-ID."""

    def __init__(self) -> None:
        self.mood = Mood.TAKING
        self.taken: Counter[str] = Counter()
        # By Message-ID: to whom.
        self.readers: dict[str, str] = {}
        self.visits = 0
        # Set when whoever hangs may go.
        self.released = threading.Event()
        self.stopped = False
        self._server = _Listener(self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def turn(self, mood: Mood) -> None:
        """Treat whoever connects from now on like this; whoever hangs is let go."""
        self.released.set()
        self.released = threading.Event()
        self.mood, self.visits = mood, 0

    def digests(self) -> Counter[str]:
        """The mails that were digests."""
        return Counter({key: count for key, count in self.taken.items() if key.startswith("<digest.")})

    def stop(self) -> None:
        """End it."""
        self.turn(Mood.REFUSING)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, owner: MailServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        owner = self.server.owner
        owner.visits += 1
        released = owner.released
        match owner.mood:
            case Mood.REFUSING:
                self._say("554 geen dienst")
            case Mood.HANGING:
                released.wait()
            case mood:
                # Whoever is killed leaves in the middle.
                with contextlib.suppress(OSError):
                    self._listen(takes=mood is Mood.TAKING)

    def _listen(self, takes: bool) -> None:
        self._say("220 klaar")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self._say("354 ga je gang")
                lines = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                if not takes or not line:
                    return
                self._take("".join(lines))
            self._say("221 dag" if verb == "QUIT" else "250 ok")

    def _take(self, text: str) -> None:
        owner = self.server.owner
        message = email.message_from_string(text)
        owner.readers[message["Message-ID"]] = message["To"]
        owner.taken[message["Message-ID"]] += 1

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
