"""Operations on follows and feeds."""
