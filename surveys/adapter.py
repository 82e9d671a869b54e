"""Accounts are made by the KB: nobody signs up."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Dit account staat uit. Vraag de KB om hulp.",
        "email_password_mismatch": "E-mailadres en wachtwoord horen niet bij elkaar. Kijk ze na.",
        "enter_current_password": "Vul uw huidige wachtwoord in.",
        "incorrect_password": "Dit is niet uw wachtwoord.",
        "too_many_login_attempts": "Te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw.",
        "rate_limited": "Te vaak geprobeerd. Wacht een paar minuten en probeer het opnieuw.",
    }
    """The same messages as allauth has, said to *u*."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
