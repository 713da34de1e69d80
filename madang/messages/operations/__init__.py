"""Operations on conversations, messages, blocks and reports."""
