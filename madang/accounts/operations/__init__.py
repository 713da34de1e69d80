"""Operations of accounts: one function per verb."""
