"""Posts: questions, answers, talk, notices and gallery posts, all in one table."""
