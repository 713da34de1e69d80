"""Operations on comments."""
