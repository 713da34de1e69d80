"""`python -m madang.config` prints the settings as tables; docs/operations.md holds them."""

import click

from . import markdown_tables

click.echo(markdown_tables())
