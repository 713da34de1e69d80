"""`python -m madang.config`: print the tables of settings in docs/operations/settings.md."""

import click

from . import markdown_tables

click.echo(markdown_tables())
