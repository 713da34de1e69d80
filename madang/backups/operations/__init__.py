"""Make, verify and restore backups."""
