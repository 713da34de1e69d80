"""Operations that write public content into folders."""
