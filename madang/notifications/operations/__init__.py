"""Operations on notifications, mails, preferences and the stream."""
