"""Whether the site can send mail; headers hold what was typed and nothing else."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from random import Random

import pytest
from flask import Flask

from madang.core.email_addresses import is_plain_address
from madang.core.mail import UnsendableAddress, can_mail, send_mail
from madang.core.mail.headers import POLICY, UnwritableHeader, check_headers, split_mailbox


@pytest.mark.parametrize(("settings", "expected"), [({"MAIL_SERVER": ""}, False), ({"MAIL_SERVER": "mx"}, True)])
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


HEADERS = ["From", "To", "Subject", "Date", "Message-ID"]
BODY_HEADERS = ["Content-Transfer-Encoding", "Content-Type", "MIME-Version"]
# What a subject, a title or a name can be typed of.
PIECES = (
    "=?utf-8?q?x=0ABcc:_y?=", "=?utf-8?q?a=0D=0A=0D=0Abody?=", "=?utf-8?b?DQpCY2M6IHk=?=", "=?us-ascii?Q?=00?=",
    "=?UTF-8*ko?q?=0A?=", "=?utf-8?q?x?=", "=?", "?=", "?q?", "=0A", "=0D=0A", "=", "Bcc: y", ":", ";", ",", "<", ">",
    "@", '"', "\\", "(", ")", "[", "]", " ", "  ", "\t", "\n", "\r", "\r\n", "\r\n\r\n", "\n ", "\0", "\x0b", "\x0c",
    "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\ud800", "\ufeff", "\u200b", "한글", "가" * 40, "나이 든 개", "é",
    "🇰🇷", "👨‍👩‍👧", "word", "x" * 80, "x" * 300, "un-broken " * 12, "\udcff", "From ", "--", ".", "\n.\n",
)  # fmt: skip


def typed(seed: int) -> str:
    random = Random(seed)
    return "".join(random.choices(PIECES, k=random.randint(1, 9)))


def as_read(text: str) -> str:
    """`text` as a header can hold it: line breaks and controls are spaces."""
    text = text.encode("utf-8", "replace").decode() if text.isascii() else text
    breaks = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029"]
    for each in breaks:
        text = text.replace(each, " ")
    return " ".join("".join("\ufffd" if "\ud800" <= each <= "\udfff" else each for each in text).split())


@pytest.fixture
def outbox(tmp_path):
    """A function that sends a mail in an application without a mail server, and returns its bytes."""
    app = Flask(__name__, instance_path=str(tmp_path))
    app.config |= {"MAIL_SERVER": "", "MAIL_FROM": "Yard <yard@example.org>"}

    def send(**values: str) -> bytes:
        app.config["MAIL_FROM"] = values.pop("sender", "Yard <yard@example.org>")
        with app.app_context():
            send_mail(**{"to": "bob@example.org", "subject": "Hello", "body": "the honest text\n"} | values)
        (path,) = (tmp_path / "mail").iterdir()
        content = path.read_bytes()
        path.unlink()
        return content

    return send


def written(is_utf8: bool, **headers: str) -> bytes:
    message = EmailMessage(policy=POLICY)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("the honest text\n")
    content = message.as_bytes(policy=POLICY.clone(utf8=is_utf8))
    check_headers(content, message)
    return content


@pytest.mark.parametrize("seed", range(200))
def test_a_subject_arrives_as_it_was_typed_and_brings_no_header_along(outbox, seed: int):
    text = typed(seed) + "."
    read = message_from_bytes(outbox(subject=text), policy=policy.default)
    assert (sorted(read.keys()), read.get_content().strip()) == (sorted(HEADERS + BODY_HEADERS), "the honest text")
    assert read["Subject"] == as_read(text)


@pytest.mark.parametrize("seed", range(200))
@pytest.mark.parametrize("is_utf8", [False, True], ids=["smtp", "smtputf8"])
def test_every_way_of_writing_a_subject_or_a_name_is_read_alike(seed: int, is_utf8: bool):
    text = as_read(typed(seed) + ".")
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    content = written(is_utf8, Subject=text, From=f'"{quoted}" <yard@example.org>', To="bob@example.org")
    lines = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) <= 998 and (b"=?" not in line or len(line) <= 76) for line in lines)
    assert message_from_bytes(content, policy=policy.default)["Subject"] == text
    read = message_from_bytes(content, policy=POLICY)
    assert sorted(read.keys()) == sorted(["From", "To", "Subject", *BODY_HEADERS])
    name, address = split_mailbox(read["From"])
    assert (as_decoded(name), address) == (text, "yard@example.org")
    assert as_decoded(read["Subject"]) == text


def as_decoded(header: str) -> str:
    """A header as a mail program that knows RFC 2047 shows it."""
    text = "".join(re.split("\r?\n", header)).encode(errors="surrogateescape").decode()
    return str(make_header(decode_header(text))) if "=?" in text else text


@pytest.mark.parametrize("name", ["Subject", "To", "From", "Reply-To", "List-Id", "List-Unsubscribe", "References"])
@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\0", "\n ", "\x0b", "\x85", "\u2028"])
def test_no_header_takes_a_line_break(name: str, break_: str):
    with pytest.raises(UnwritableHeader):
        EmailMessage(policy=POLICY)[name] = f"a{break_}Bcc: y"


@pytest.mark.parametrize("name", ["X\nBcc", "X:", "X Y", "", "Bcc\r", "한글"])
def test_no_header_has_another_name(name: str):
    with pytest.raises(UnwritableHeader):
        EmailMessage(policy=POLICY)[name] = "a"


@pytest.mark.parametrize("name", ["To", "Reply-To", "From"])
@pytest.mark.parametrize("address", ["=?utf-8?q?x=0ABcc:_y?=@example.org", "=?utf-8?q?x?= <=?utf-8?q?x?=@example.org>"])
def test_an_address_with_an_encoded_word_is_not_written(name: str, address: str):
    with pytest.raises(UnwritableHeader):
        written(False, **{name.replace("-", "_"): address})


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: a\r\nBcc: y\r\n\r\nbody",
        b"Subject: a\r\n\r\nbody\r\n\r\n",
        b"Subject: a\nTo: b\r\n\r\nbody",
        b"Subject: a\rTo: b\r\n\r\nbody",
        b"Subject: a\0\r\nTo: b\r\n\r\nbody",
        b"To: b\r\nSubject: a\r\n\r\nbody",
        b"Subject: a\r\nTo: b\r\nno header\r\n\r\nbody",
        b"",
    ],
)
def test_a_mail_whose_headers_became_others_is_not_sent(content: bytes):
    """Whatever a version of the library writes."""
    message = EmailMessage(policy=POLICY)
    message["Subject"], message["To"] = "a", "b@example.org"
    check_headers(b"Subject: a\r\nTo: b@example.org\r\n\r\nbody\n", message)
    with pytest.raises(UnwritableHeader):
        check_headers(content, message)


ADDRESSES = [
    ("ann@example.org", True),
    ("ann.lee+list@example.org", True),
    ("prvs=1a2b=ann@example.org", True),
    ("o'neil/x=y@example.org", True),
    ("what?@example.org", True),
    ("홍길동@example.org", True),
    ("ann@localhost", True),
    ("ann@[192.0.2.1]", True),
    ("=?utf-8?q?ann?=@example.org", False),
    ("=?utf-8?b?YW5u?=@example.org", False),
    ("=?us-ascii?q?a=6E?=n@example.org", False),
    ("x=?latin1?Q?ann?=@example.org", False),
    ("=?utf-8*ko?q?ann?=@example.org", False),
    ('"ann"@example.org', False),
    ('"=?utf-8?q?ann?="@example.org', False),
    ("ann(eve)@example.org", False),
    ("ann @example.org", False),
    ("a\u00a0nn@example.org", False),
    ("a\u200bnn@example.org", False),
    ("ann\n@example.org", False),
    ("ann\x00@example.org", False),
    ("ann@example.org\nBcc: y", False),
    ("ann@=?utf-8?q?example.org?=", False),
    ("ann,eve@example.org", False),
    ("ann;eve@example.org", False),
    ("<ann@example.org>", False),
    ("Ann <ann@example.org>", False),
    ("@eve.org:ann@example.org", False),
    ("ann@eve.org@example.org", False),
    (".ann@example.org", False),
    ("ann..lee@example.org", False),
    ("ann@", False),
    ("@example.org", False),
    ("ann", False),
    ("", False),
]


@pytest.mark.parametrize(("address", "is_plain"), ADDRESSES)
def test_mail_goes_to_plain_addresses_only(outbox, address: str, is_plain: bool):
    assert is_plain_address(address) is is_plain
    if not is_plain:
        with pytest.raises(UnsendableAddress):
            outbox(to=address)
        return
    read = message_from_bytes(outbox(to=address), policy=policy.default)
    assert read["To"] == address


@pytest.mark.parametrize(("address", "is_plain"), ADDRESSES)
def test_an_address_that_is_none_is_no_reply_to(outbox, address: str, is_plain: bool):
    """One beyond ASCII is none in a mail to an ASCII address, which goes by plain SMTP."""
    read = message_from_bytes(outbox(reply_to=address), policy=policy.default)
    assert read["Reply-To"] == (address if is_plain and address.isascii() else None)
    assert set(read.keys()) <= {*HEADERS, *BODY_HEADERS, "Reply-To"}


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Yard <yard@example.org>", "Yard", "yard@example.org"),
        ("yard@example.org", "", "yard@example.org"),
        ("마당 <yard@example.org>", "마당", "yard@example.org"),
        ('"Yard, the board" <yard@example.org>', "Yard, the board", "yard@example.org"),
        ("=?utf-8?q?x=0ABcc:_y?= <yard@example.org>", "=?utf-8?q?x=0ABcc:_y?=", "yard@example.org"),
        ("Yard <yard@한글.kr>", "Yard", "yard@xn--bj0bj06e.kr"),
    ],
)
def test_the_sender_is_written_as_it_is_set(outbox, sender: str, name: str, address: str):
    content = outbox(sender=sender)
    (read,) = message_from_bytes(content, policy=policy.default)["From"].addresses
    assert (read.display_name, read.addr_spec) == (name, address)
    assert sorted(message_from_bytes(content).keys()) == sorted(HEADERS + BODY_HEADERS)
