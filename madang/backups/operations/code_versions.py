"""Which version of the code belongs to a snapshot."""

import subprocess
from pathlib import Path

from alembic.script import ScriptDirectory

from madang.core.db.upgrade import MIGRATIONS

from .snapshots import Snapshot

GIT_SECONDS = 20
ROOT = Path(__file__).parents[3]


def command_for_code(chosen: Snapshot) -> str:
    """The command that installs the code that a snapshot's tables are of.

    In a checkout of Git it is the commit before the one that added the next migration; else the package is older than
    the version before whose upgrade the snapshot was taken.
    """
    commit = _commit_of_next_migration(chosen.revision)
    return f"git checkout {commit}~1" if commit else f'pip install "madang<{chosen.before}"'


def _commit_of_next_migration(revision: str) -> str:
    later = [each for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions() if each.down_revision == revision]
    if not later or not (ROOT / ".git").exists():
        return ""
    # The code may be of another user than the one of the site: root installs it.
    own = ("-c", f"safe.directory={ROOT}")
    command = ["git", *own, "-C", str(ROOT), "log", "-1", "--diff-filter=A", "--format=%h", "--", later[0].path]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
