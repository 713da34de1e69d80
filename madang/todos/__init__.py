"""To-dos: personal lists, reminders, and posts and messages that are saved for later."""
