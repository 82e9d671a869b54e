"""The only sender of the desk's mail: first it is written in the contact log, then it goes to the mail server.

A refusal is kept with the mail and never raised: of a hundred letters the next ninety still have to go.
"""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from surveys.models import ContactKind, ContactMoment, Participation, User

logger = logging.getLogger("wsob.mail")

_WIDTH = 72
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: one line, and plain text with short lines."""

    subject: str
    text: str


def letter(template: str, context: Mapping[str, Any]) -> Letter:
    """From templates/mail/: its first line is the subject, the rest the text."""
    subject, _, text = render_to_string(f"mail/{template}.txt", dict(context)).strip().partition("\n")
    return Letter(_one_line(subject), wrapped(text))


def wrapped(text: str) -> str:
    """Lines of at most 72 characters, a word or an address of a page that is longer left whole; one empty line at most."""
    lines: list[str] = []
    for line in map(str.rstrip, text.strip().splitlines()):
        bare = line.lstrip()
        lead = " " * (len(line) - len(bare) + 2 * bare.startswith("- "))
        if " " in bare:
            lines += textwrap.wrap(
                line, _WIDTH, subsequent_indent=lead, break_long_words=False, break_on_hyphens=False
            )
        elif bare or lines[-1]:
            lines.append(line)
    return "\n".join(lines) + "\n"


class Outbox:
    """One connection to the mail server, for as many mails as there are; opened with the first of them."""

    def __enter__(self) -> Outbox:
        self._connection = get_connection()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, message: EmailMessage) -> str:
        """Why the server did not take it; empty: it did."""
        try:
            self._connection.open()
            self._connection.send_messages([message])
        except (SMTPException, OSError, ValueError) as error:
            # After some refusals nothing can be said on this connection any more: the next mail gets a new one.
            self._close()
            return in_words(error)
        return ""

    def _close(self) -> None:
        try:
            self._connection.close()
        except (SMTPException, OSError):
            self._connection = get_connection()


def in_words(error: Exception) -> str:
    """What the server said, in one line; what it said of the first address when it names several. Never empty."""
    said: bytes | str
    if isinstance(error, SMTPRecipientsRefused) and error.recipients:
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return _one_line(str(error)) or type(error).__name__
    return _one_line(f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}")


def send_mail_to(
    *,
    participation: Participation,
    recipient: User,
    kind: ContactKind,
    subject: str,
    text: str,
    by: User | None,
    outbox: Outbox | None = None,
) -> ContactMoment:
    """Log it, send it, and log what came of it; outside any transaction, since what was sent cannot be undone.

    `by`: nobody when a command sends it. `outbox`: the connection that it shares with others. Never raises because of
    the server: the moment tells whether it was sent.
    """
    with transaction.atomic(durable=True):
        moment = log_mail(
            participation=participation, recipient=recipient, kind=kind, subject=subject, text=text, by=by
        )
    if outbox is not None:
        deliver(moment=moment, outbox=outbox)
    else:
        with Outbox() as own:
            deliver(moment=moment, outbox=own)
    return moment


def log_mail(
    *,
    participation: Participation,
    recipient: User,
    kind: ContactKind,
    subject: str,
    text: str,
    by: User | None,
) -> ContactMoment:
    """A mail that is under way. For those who log something else with it; then `deliver` it."""
    return ContactMoment.objects.create(
        participation=participation,
        recipient=recipient,
        kind=kind.value,
        subject=_one_line(subject)[:_LONGEST_SUBJECT],
        text=text,
        at=timezone.now(),
        by=by,
    )


def deliver(*, moment: ContactMoment, outbox: Outbox) -> None:
    """Send a mail that was logged."""
    if moment.recipient is None:
        raise ValueError("A mail goes to somebody.")
    moment.error = outbox.send(EmailMessage(moment.subject, moment.text, to=[moment.recipient.email]))
    moment.sent_at = None if moment.error else timezone.now()
    moment.save(update_fields=["sent_at", "error"])
    if moment.error:
        logger.warning("Mail %s to user %s refused: %s", moment.pk, moment.recipient_id, moment.error)


def _one_line(text: str) -> str:
    return " ".join(text.split())
