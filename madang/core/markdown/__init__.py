"""Markdown to safe HTML: the parser and its rules, mentions, links, highlighting, the sanitizer."""
