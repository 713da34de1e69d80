"""To-dos: personal lists, reminders, and posts that are saved for later."""
