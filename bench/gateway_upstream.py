"""The service behind every gateway: one record for whatever is asked, by a loop that does little else."""

import argparse
import selectors
import socket
from functools import partial

import msgspec

ENDING = b'"end_of":"record"}'
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
    b'ETag: "7-3f0c61d2"\r\nCache-Control: public, max-age=0, s-maxage=60\r\nSurrogate-Key: %b\r\n\r\n%b'
)


def record() -> bytes:
    """About 2 KB, as an album is; it ends with ENDING, so that a client knows the last of it."""
    tracks = [
        {
            "position": f"A{place}",
            "title": f"The song in place {place}",
            "duration": f"{place}:05",
            "credits": [],
        }
        for place in range(1, 23)
    ]
    album = {
        "id": "00000000-0000-4000-8000-000000000001",
        "title": "An album of the bench",
        "artists": [{"name": "Somebody", "joined_by": "&"}, {"name": "Somebody Else", "joined_by": ""}],
        "year": 1971,
        "genres": ["Rock", "Jazz"],
        "styles": ["Blues Rock", "Fusion"],
        "tracks": tracks,
        "end_of": "record",
    }
    return msgspec.json.encode(album)


class Client:
    __slots__ = ("_asked", "_body", "_socket")

    def __init__(self, accepted: socket.socket, body: bytes) -> None:
        self._socket, self._body, self._asked = accepted, body, b""

    def answer(self) -> bool:
        """Whether it is still there. None asks before it is answered."""
        try:
            data = self._socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._socket.close()
            return False
        self._asked += data
        if self._asked.endswith(b"\r\n\r\n"):
            path = self._asked.split(b" ", 2)[1]
            self._asked = b""
            self._socket.sendall(_ANSWER % (len(self._body), path, self._body))
        return True


def serve(port: int) -> None:
    listening = socket.create_server(("127.0.0.1", port), backlog=2048)
    selector = selectors.DefaultSelector()
    answer = partial(Client, body=record())
    selector.register(listening, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                accepted, _ = listening.accept()
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(accepted, selectors.EVENT_READ, answer(accepted))
            elif not key.data.answer():
                selector.unregister(key.fileobj)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    serve(parser.parse_args().port)
