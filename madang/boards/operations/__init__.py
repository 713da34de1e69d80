"""Operations on boards."""
