"""The switches of features. What is switched off has no pages, no API and no navigation; its data stays."""

from . import kinds
from .definition import Setting
from .texts import gettext_noop as _

FEATURES = tuple(
    Setting(name, kinds.BOOL, "yes", meaning, in_browser=True)
    for name, meaning in (
        ("FEATURE_GUESTS", _("Whether people without an account use to-dos, tools and messages as guests.")),
        ("FEATURE_MESSAGES", _("Whether people send each other messages.")),
        ("FEATURE_TODOS", _("Whether people have to-dos, and save posts for later.")),
        ("FEATURE_TOOLS", _("Whether people have the tools: counting words and sending an e-mail.")),
        ("TALK_VOTES", _("Whether people vote for posts on boards for talk, notices and pictures.")),
    )
)
