"""Operations of administration: one function per verb."""
