"""Operations on posts."""
