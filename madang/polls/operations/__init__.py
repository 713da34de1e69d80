"""Operations of polls."""
