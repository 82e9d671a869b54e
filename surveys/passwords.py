"""What a password must hold, told in Dutch."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnoughValidator(MinimumLengthValidator):
    """Django's own, with words that its Dutch catalogue lacks."""

    def get_error_message(self) -> str:
        return f"Uw wachtwoord is te kort. Neem minstens {self.min_length} tekens."

    def get_help_text(self) -> str:
        return f"Neem minstens {self.min_length} tekens."
