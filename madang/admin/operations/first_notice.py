"""The first notice of a new site: how a question goes from asking to an accepted answer."""

from datetime import datetime

from madang.boards.models import Board
from madang.core.actor import Actor
from madang.core.i18n import _
from madang.posts.models import Post
from madang.posts.operations.publishing import publish_post


def publish_first_notice(board: Board, *, actor: Actor, now: datetime) -> Post:
    """Publish the notice in the current language. It is a post like any other; nothing depends on it."""
    steps = (
        _(
            "**Ask.** [Write the first question](/questions/ask). A clear title and one or two tags "
            "bring it to people who can help."
        ),
        _("**Answer.** Anyone can answer, including the person who asked. If something is unclear, ask in a comment."),
        _("**Vote and accept.** Votes move good answers up, and the person who asked accepts the one that helped."),
        _("**Talk.** Posts that are not questions go to the other [boards](/boards)."),
        _("**Find and follow.** [Search](/search) covers every post, and whatever you follow appears in your feed."),
    )
    beginning = _(
        "How a question gets its answer here, step by step. When this notice is no longer needed, "
        "an administrator can delete it like any other post."
    )
    body = "\n".join([beginning, "", *(f"{number}. {step}" for number, step in enumerate(steps, 1))])
    return publish_post(board, actor=actor, title=_("How to ask your first question"), body=body, tags="", now=now)
