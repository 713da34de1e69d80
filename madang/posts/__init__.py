"""Posts: questions, answers, talk, notices and pictures; one table."""
