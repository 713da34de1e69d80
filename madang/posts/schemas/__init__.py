"""API schemas of posts, revisions and drafts."""
