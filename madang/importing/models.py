"""Table that maps rows of other sites to local rows, so that an import can be repeated."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from madang.core.db import Base, table_args


class ImportedRow(Base):
    """Row `external_id` of `kind` (user, post, comment, ...) in `source` was imported as the local row `local_id`."""

    __tablename__ = "imported_rows"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    local_id: Mapped[int]
    __table_args__ = table_args(Index(None, "kind", "local_id"))
