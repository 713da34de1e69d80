<%!
def without_remarks(body):
    """The operations without the remarks of Alembic."""
    lines = [line for line in (body or "").splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip() or "pass"
%>\
"""${message.rstrip(".")}.

Revision: ${up_revision}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = "${up_revision}"
down_revision = "${down_revision}"


def upgrade() -> None:
    ${without_remarks(upgrades)}


def downgrade() -> None:
    ${without_remarks(downgrades)}
