"""A message to the agent, sent once, and the chunks of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from skill.api import envelope
from skill.api.tokens import Tokens
from skill.api.transport import Streaming
from skill.errors import (
    ApiError,
    BadAnswer,
    StreamBroken,
    TokenRefused,
    Unavailable,
    Unreachable,
)


class Message:
    """Iterating sends the message and gives the bytes of its answer as they come.

    Raises Unreachable or an ApiError where no work began, and StreamBroken where it may have:
    a gateway that gave up, an answer that is no stream. A broken connection raises AnswerLost.
    It is sent again only after a refusal (1001), or where nothing was sent at all.
    """

    def __init__(
        self,
        session_id: str,
        text: str,
        *,
        tokens: Tokens,
        send: Callable[[str, object, str], Streaming],
        explain: Callable[[ApiError], ApiError],
        revive: Callable[[], None] | None,
    ) -> None:
        self.token = ""  # the one that it was sent with
        self._session_id = session_id
        self._body = {
            "app_name": "nemo_agent",
            "user_id": "me",
            "session_id": session_id,
            "new_message": {"parts": [{"text": text}]},
        }
        self._tokens = tokens
        self._send = send
        self._explain = explain
        self._revive = revive
        self._streaming: Streaming | None = None
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        renewed = False
        while not self._closed:
            self.token = self._tokens.current()
            streaming = self._streaming = self._send(self._session_id, self._body, self.token)
            try:
                yield from streaming
            except Unreachable:
                if self._revive is None:
                    raise
                self._revive()
                self._revive = None
                continue
            if streaming.refused is None:
                return
            try:
                envelope.read(streaming.refused, "message")
                return  # success and no stream: a silent turn
            except TokenRefused:
                if renewed:
                    raise
                renewed = True
                self._tokens.renew(self.token)
            except (Unavailable, BadAnswer) as error:
                if error.status in (500, 503) or 300 <= error.status < 400:
                    raise
                raise StreamBroken(
                    "The backend did not answer the message properly; it may still be working."
                ) from None
            except ApiError as error:
                raise self._explain(error) from None

    def close(self) -> None:
        """Stop listening now, also while another thread waits for a chunk."""
        self._closed = True
        if self._streaming is not None:
            self._streaming.close()
