"""Operations of the import."""
