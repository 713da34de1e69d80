"""The settings of rate limits."""

from . import kinds
from .definition import Setting
from .texts import gettext_noop as _

RATES = tuple(
    # Tests post faster than people; those of a rate limit set it themselves.
    Setting(name, kinds.RATE, default, meaning, defaults={"testing": "off"}, in_browser=True)
    for name, default, meaning in (
        ("LOGIN_LIMIT", "10 per minute", _("Tries to log in from one address; above it, each must wait.")),
        ("LOGIN_ACCOUNT_LIMIT", "10 per hour", _("Wrong passwords by name and address; then each try must wait.")),
        ("GUEST_LIMIT", "120 per hour", _("New guests from one address, and guests opened by a link.")),
        ("SIGNUP_LIMIT", "20 per hour", _("New accounts from one address.")),
        ("MAIL_LIMIT", "5 per hour", _("Mails that one person may ask for, or that one address gets of a kind.")),
        (
            "POST_LIMIT",
            "6 per minute",
            _("Questions, answers and posts of one member, their edits, and changes of the profile."),
        ),
        ("COMMENT_LIMIT", "20 per minute", _("Comments of one member.")),
        ("MESSAGE_LIMIT", "20 per minute", _("Messages of one member, and what the member blocks or reports.")),
        ("VOTE_LIMIT", "60 per minute", _("Votes of one member.")),
        ("FLAG_LIMIT", "20 per hour", _("Posts and comments that one member flags, and requests for deletion.")),
        ("FOLLOW_LIMIT", "60 per minute", _("Follows and unfollows of one member.")),
        (
            "GROUP_LIMIT",
            "60 per hour",
            _("Groups that one member joins or asks to join, and additions and invitations."),
        ),
        ("PREVIEW_LIMIT", "60 per minute", _("Previews of one member.")),
        ("DRAFT_LIMIT", "60 per minute", _("Drafts of one member that are saved on the server.")),
        ("TODO_LIMIT", "120 per minute", _("New to-dos and lists of one person.")),
        ("UPLOAD_LIMIT", "20 per minute", _("Uploads of one member.")),
        (
            "API_LIMIT",
            "600 per minute",
            _("Calls to the API of one person, over all sessions and tokens, or of one address."),
        ),
        ("TOOL_LIMIT", "60 per hour", _("Jobs that one person starts on the pages of the tools.")),
    )
)
