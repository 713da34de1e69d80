"""Operations of the search index."""
