"""Following people, tags, boards and questions, and the feed of what comes of it."""
