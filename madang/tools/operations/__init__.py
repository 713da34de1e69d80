"""Operations of the tools."""
