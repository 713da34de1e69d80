"""Operations on flags."""
