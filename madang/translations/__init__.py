"""Translations: `<language>/<slice>.po`, and the code that merges, compiles and checks them."""

from .build import compile_catalogues

__all__ = ["compile_catalogues"]
