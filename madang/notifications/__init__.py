"""Notifications: the list behind the bell, mails, digests, and the event stream of open pages."""
