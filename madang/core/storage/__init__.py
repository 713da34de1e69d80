"""Uploaded files and pictures: a folder or an S3 bucket behind one interface."""
