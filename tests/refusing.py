"""A mail server that knows not everybody, for tests of what happens to a mail that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend


class RefusingBackend(EmailBackend):
    """Refuses everybody whose address begins with 'weg', and has nothing more to say on that connection."""

    opened = 0
    """How many connections there have been, over all of them."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.state = "closed"

    def open(self) -> bool:
        if self.state == "open":
            return False
        RefusingBackend.opened += 1
        self.state = "open"
        return True

    def close(self) -> None:
        self.state = "closed"

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        assert self.state == "open"
        for one in messages:
            [address] = one.to
            if address.startswith("weg"):
                self.state = "broken"
                raise SMTPRecipientsRefused({address: (550, b"5.1.1 User unknown")})
        return int(super().send_messages(messages))


class SilentBackend(EmailBackend):
    """A server that is not there."""

    def open(self) -> bool:
        raise ConnectionRefusedError("Connection refused")


REFUSING, SILENT = (f"{__name__}.{one.__name__}" for one in (RefusingBackend, SilentBackend))
