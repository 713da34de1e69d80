"""What can be done with follows and feeds: one function a verb."""
