"""User agents described in words."""

import pytest

from madang.accounts.sentences import browser_in_words

pytestmark = pytest.mark.usefixtures("english")

MOZILLA = "Mozilla/5.0"
WINDOWS = f"{MOZILLA} (Windows NT 10.0; Win64; x64)"
MAC = f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7)"
LINUX = f"{MOZILLA} (X11; Linux x86_64)"
CHROMEOS = f"{MOZILLA} (X11; CrOS x86_64 14541.0.0)"
ANDROID = f"{MOZILLA} (Linux; Android 14; SM-S918N)"
IPHONE = f"{MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X)"
IPAD = f"{MOZILLA} (iPad; CPU OS 17_5 like Mac OS X)"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"{WEBKIT} Chrome/126.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{WINDOWS} {CHROME}", "Chrome on Windows"),
        (f"{WINDOWS} {CHROME} Edg/126.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} {CHROME} OPR/111.0.0.0", "Opera on Windows"),
        (f"{WINDOWS} {CHROME} Whale/3.26.244.21", "Whale on Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Windows"),
        (f"{MAC} {WEBKIT} Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (f"{LINUX} {CHROME}", "Chrome on Linux"),
        (f"{CHROMEOS} {CHROME}", "Chrome on ChromeOS"),
        (f"{ANDROID} {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            f"{ANDROID} {WEBKIT} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (f"{ANDROID} {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410810", "KakaoTalk on Android"),
        (f"{ANDROID} {WEBKIT} Chrome/126.0.0.0 Mobile Safari/537.36 NAVER(inapp; search; 2000)", "Naver on Android"),
        (f"{IPHONE} {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} {WEBKIT} CriOS/126.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{IPHONE} {WEBKIT} FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{IPAD} {WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPad"),
        ("Firefox/127.0", "Firefox"),
        (f"{WINDOWS} Unheard/1.0", "Windows"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_described_with_its_system(user_agent, words):
    assert browser_in_words(user_agent) == words
