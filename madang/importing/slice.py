"""The manifest of importing: its commands are imported by the command line when one is called."""

from madang.core.slice import Slice

from .ownership import OWNED

SLICE = Slice(
    name="importing",
    owned=OWNED,
)
