"""Private messages: conversations of two or more people, blocks, reports to the moderators."""
