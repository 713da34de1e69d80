"""The error of a missing or invalid setting."""


class ConfigError(Exception):
    """A setting is missing or invalid; the message is one sentence for the administrator."""
