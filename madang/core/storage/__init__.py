"""Files and pictures that people send: a folder or an S3 bucket behind one interface."""
