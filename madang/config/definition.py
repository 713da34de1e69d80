"""What defines a setting."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .kinds import Kind


@dataclass(frozen=True)
class Setting:
    """A setting. Defaults are text, as in a settings file; `{instance}` is the instance folder.

    `in_browser` says that administrators may change it in the browser: its value is then read at each use, never kept
    from the start of a process. `meaning` and `kind.allowed` are sentences with translations in `translations/`.
    """

    name: str
    kind: Kind
    default: str
    meaning: str
    secret: bool = False
    in_browser: bool = False
    stored_as: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def variable(self) -> str:
        return f"MADANG_{self.name}"

    @property
    def row_name(self) -> str:
        """The name of its row in the table `site_settings`."""
        return self.stored_as or self.name

    def default_in(self, environment: str) -> str:
        return self.defaults.get(environment, self.default)

    def parse(self, text: str) -> object:
        """Return the value of `text`; None for an empty text. Raises ValueError."""
        return self.kind.parse(text) if text else None
