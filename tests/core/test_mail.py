"""Whether the site can send mail."""

import pytest
from flask import Flask

from madang.core.mail import can_mail


@pytest.mark.parametrize(
    ("settings", "expected"), [({}, False), ({"MAIL_SERVER": ""}, False), ({"MAIL_SERVER": "mx"}, True)]
)
def test_can_mail_requires_a_mail_server(settings, expected):
    app = Flask(__name__)
    app.config |= settings
    with app.app_context():
        assert can_mail() is expected
