"""A mail server on the loopback that answers as it is told, and remembers what it was handed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services import free_port


@dataclass
class Letterbox:
    """how: 'take', 'hang', 'swallow' (takes the letter and breaks off) or the line that answers the recipient."""

    port: int
    how: str = "take"
    handed: list[Message] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [one["Message-ID"] for one in self.handed]

    @property
    def headings(self) -> list[str]:
        return [str(make_header(decode_header(one["Subject"]))) for one in self.handed]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self.how == "hang":
            await asyncio.sleep(5)
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.how[:1].isdigit():
            return self.how
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.handed.append(message_from_bytes(envelope.content))
        if self.how == "swallow" and server.transport is not None:
            server.transport.close()
        return "250 taken"


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    box = Letterbox(free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
