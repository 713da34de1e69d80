"""Rules for new passwords."""

import pytest

from madang.accounts.models import PASSWORD_MAX, PASSWORD_MIN
from madang.accounts.operations.passwords import hash_password, password_error, verify_password

pytestmark = pytest.mark.usefixtures("english")

EASY = "This password is easy to guess. Please choose a less common one, such as a few unrelated words."


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "Passwords need at least 10 characters."),
        ("x7#Kq!9zL", "Passwords need at least 10 characters."),
        ("seven lanterns over water", None),
        ("마당에 핀 일곱 송이 꽃", None),
        ("vK3#pQ9!xZ", None),
        ("1234567890", EASY),
        ("aaaaaaaaaaaa", EASY),
        ("qwertyuiop", EASY),
        ("password123", EASY),
        ("seven lanterns over water" * 40, None),
        ("x" * (PASSWORD_MAX + 1), "Passwords can have at most 1000 characters."),
    ],
)
def test_a_password_must_be_long_and_hard_to_guess(password, problem):
    assert password_error(password) == problem


def test_the_limits_match_the_error_messages():
    assert (PASSWORD_MIN, PASSWORD_MAX) == (10, 1_000)


def test_a_password_like_the_username_is_easy_to_guess():
    assert password_error("xanthippe7") is None
    assert password_error("xanthippe7", "xanthippe", "") == EASY


@pytest.mark.parametrize(
    "password", ["  two spaces, before and after  ", "🏡🌳🌸🪷🐸 under one roof", "x" * 64, "seven\tlanterns\\\"'<>"]
)
def test_every_character_counts(password):
    password_hash = hash_password(password)
    assert verify_password(password, password_hash)
    assert not verify_password(password[:-1], password_hash)
    assert not verify_password(password.strip() + "?", password_hash)


def test_a_hash_is_argon2id_with_a_salt_of_its_own():
    first, second = (hash_password("seven lanterns over water") for _time in range(2))
    assert first.startswith("$argon2id$v=19$")
    salts = {password_hash.split("$")[4] for password_hash in (first, second)}
    assert len(salts) == 2 and all(len(salt) == 22 for salt in salts), "16 bytes in base64"
