"""Following people, tags, boards and questions, and the feed of their posts."""
