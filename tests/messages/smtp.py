"""A mail server on loopback that answers as a test wants, and keeps what it took."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread


@dataclass
class MailServer:
    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """By command (`RCPT`, `DATA`, or `END` for the text's end): what is said instead of yes."""
    taken: list[str] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    server = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                command = line.split()[0].upper()
                if command == "DATA" and command not in server.answers:
                    self.say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                    if "END" not in server.answers:
                        server.taken.append(text)
                    command = "END"
                self.say(server.answers.get(command, "221 bye" if command == "QUIT" else "250 yes"))
                if command == "QUIT":
                    return

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as listener:
        server.port = listener.server_address[1]
        Thread(target=listener.serve_forever, daemon=True).start()
        yield server
        listener.shutdown()
