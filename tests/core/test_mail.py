"""Whether mails reach anybody."""

import pytest
from flask import Flask

from madang.core.mail import can_mail


@pytest.mark.parametrize(
    ("settings", "can"), [({}, False), ({"MAIL_SERVER": ""}, False), ({"MAIL_SERVER": "mx"}, True)]
)
def test_mails_are_sent_where_a_server_is_named(settings, can):
    app = Flask(__name__)
    app.config |= settings
    with app.app_context():
        assert can_mail() is can
