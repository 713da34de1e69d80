"""Which row here came from which row elsewhere, so that an import can be run again."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, table_args


class ImportedRow(Base):
    """Row `external_id` of the `kind` (user, post, comment, revision, ...) of `source` is row `local_id` here."""

    __tablename__ = "imported_rows"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    local_id: Mapped[int]
    __table_args__ = table_args(Index(None, "kind", "local_id"))
