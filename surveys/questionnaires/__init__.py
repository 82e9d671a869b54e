"""What is asked: definitions of a year, read from TOML into frozen values. No Django in here."""
