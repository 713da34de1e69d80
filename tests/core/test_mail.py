"""Whether the site can send mail."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask

from madang.core.mail import POLICY, can_mail


@pytest.mark.parametrize(
    ("settings", "expected"), [({}, False), ({"MAIL_SERVER": ""}, False), ({"MAIL_SERVER": "mx"}, True)]
)
def test_can_mail_requires_a_mail_server(settings, expected):
    app = Flask(__name__)
    app.config |= settings
    with app.app_context():
        assert can_mail() is expected


LONG = "https://yard.example.org/unsubscribe/" + "a1B2-_" * 60


@pytest.mark.parametrize("is_utf8", [False, True], ids=["smtp", "smtputf8"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("List-Unsubscribe", f"<{LONG}>"),
        ("List-Unsubscribe", f"<mailto:stop@example.org>, <{LONG}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", f"<notifications.{'a-long-label.' * 12}example.org>"),
        ("References", " ".join(f"<post-{number}@{'yard.' * 20}example.org>" for number in range(3))),
        ("In-Reply-To", f"<conversation-7@{'yard.' * 20}example.org>"),
        ("Message-ID", f"<{'x' * 120}@example.org>"),
    ],
)
def test_ids_and_addresses_in_headers_are_never_encoded(name: str, value: str, is_utf8: bool):
    message = EmailMessage(policy=POLICY)
    message[name] = value
    message["Subject"] = "마당을 어떻게 옮기나요? " * 9
    content = message.as_bytes(policy=POLICY.clone(utf8=is_utf8))
    header = content.partition(name.encode())[2].partition(b"Subject")[0]
    assert b"=?" not in header
    assert b" ".join(header.removeprefix(b":").split()) == value.encode()
    read = message_from_bytes(content, policy=policy.default)
    assert " ".join(read[name].split()) == value
    assert read["Subject"].strip() == ("마당을 어떻게 옮기나요? " * 9).strip()
    lines = [line for line in content.splitlines() if line.startswith((b" =?", b"Subject"))]
    assert is_utf8 or all(len(line) < 80 for line in lines)
