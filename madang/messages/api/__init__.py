"""JSON API of conversations, messages, blocks and reports."""
