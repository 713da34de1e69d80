"""Operations of to-dos."""
