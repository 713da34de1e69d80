"""What stops the start when a setting is wrong."""


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one sentence for the administrator."""
