"""The manifest of importing: it adds commands only, which the command line imports when one is called."""

from madang.core.slice import Slice

SLICE = Slice(name="importing")
