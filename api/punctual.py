"""HTTP/1.1 with a limit on how long the head of a request may take, and the rest of one that is answered already: uvicorn has none."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.problems import MALFORMED, MEDIA_TYPE, URN

HEAD_SECONDS: Final = 10.0
_MALFORMED: Final = "the request line or a header is not HTTP/1.1, or too long; characters outside of ASCII are percent-encoded in a URL"


class PunctualProtocol(H11Protocol):
    """Closes a connection whose request line and headers are not there in time, or that goes on sending for so long after the answer.
    Idle ones after an answer are uvicorn's."""

    head_seconds = HEAD_SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_late():
            self._watch()

    def send_400_response(self, msg: str) -> None:
        """What is not HTTP is told so as every other error is."""
        body = json.dumps(
            {"type": URN + MALFORMED.name, "title": MALFORMED.title, "status": MALFORMED.status, "detail": _MALFORMED}
        ).encode()
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        for event in (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._deadline is not None:
            self._deadline.cancel()

    def _watch(self) -> None:
        """One deadline for a head, from the connection or its first byte on, and one for what comes after an answer; none otherwise."""
        if self.conn.their_state is not h11.IDLE and not self._is_late():
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None
        elif self._deadline is None:
            self._deadline = self.loop.call_later(self.head_seconds, self._end)

    def _end(self) -> None:
        if (self.conn.their_state is h11.IDLE or self._is_late()) and not self.transport.is_closing():
            self.transport.close()

    def _is_late(self) -> bool:
        """Whether the request is answered and still not whole."""
        return self.conn.their_state is h11.SEND_BODY and self.conn.our_state in (h11.DONE, h11.MUST_CLOSE)
