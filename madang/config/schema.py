"""The definitions of all settings: name, kind, default and meaning."""

from typing import Any

from . import kinds
from .backup_settings import BACKUPS
from .definition import Setting
from .feature_settings import FEATURES
from .mail_settings import MAIL
from .rate_settings import RATES
from .retention_settings import RETENTION
from .texts import gettext_noop as _

Values = dict[str, Any]  # by the names of settings, whose kinds determine the types
ENVIRONMENTS = ("development", "production", "testing")

MINIMUM_SECRET_BYTES = 32

SITE = (
    Setting("SITE_URL", kinds.SITE_URL, "", _("Address that people type; links in mails begin with it.")),
    Setting("SITE_NAME", kinds.line(60), "Madang", _("Name of the site."), stored_as="name", in_browser=True),
    Setting(
        "SITE_DESCRIPTION",
        kinds.line(200),
        "",
        _("What the site is about, in a sentence: for its first page, search engines and feeds."),
        stored_as="description",
        in_browser=True,
    ),
    Setting(
        "DEFAULT_LOCALE",
        kinds.choice("ko", "en"),
        "ko",
        _("Language for readers who ask for none."),
        stored_as="locale",
        defaults={"testing": "en"},
        in_browser=True,
    ),
    Setting(
        "LANGUAGES",
        kinds.choice("ko en", "ko", "en"),
        "ko en",
        _("Languages of the pages that readers can choose."),
        in_browser=True,
    ),
    Setting(
        "DEFAULT_TIMEZONE",
        kinds.TIMEZONE,
        "Asia/Seoul",
        _("Time zone for readers who chose none."),
        defaults={"testing": "UTC"},
        in_browser=True,
    ),
    Setting(
        "GUEST_LOGIN_BY_LINK",
        kinds.BOOL,
        "no",
        _("Whether ?username=ABC123 opens that guest on any page; whoever knows a handle can then read its data."),
        defaults={"development": "yes", "testing": "yes"},
        in_browser=True,
    ),
    Setting("SIGNUP_OPEN", kinds.BOOL, "yes", _("Whether anybody may sign up."), in_browser=True),
    Setting("POSTS_PER_PAGE", kinds.whole_number(1, 100), "30", _("Rows on a page of a list."), in_browser=True),
    Setting(
        "TITLE_MIN",
        kinds.whole_number(1, 100),
        "2",
        _("Least characters of a title; spaces do not count."),
        in_browser=True,
    ),
    Setting(
        "QUESTION_MIN",
        kinds.whole_number(1, 1000),
        "10",
        _("Least characters that the text of a question shows."),
        in_browser=True,
    ),
    Setting(
        "ANSWER_MIN", kinds.whole_number(1, 1000), "2", _("Least characters that an answer shows."), in_browser=True
    ),
    Setting(
        "COMMENT_MIN", kinds.whole_number(1, 1000), "2", _("Least characters that a comment shows."), in_browser=True
    ),
)

STORAGE = (
    Setting("INSTANCE", kinds.PATH, "{instance}", _("Folder of all files that the site writes.")),
    Setting(
        "DATABASE_URL",
        kinds.DATABASE_URL,
        "sqlite:///madang.db",
        _("Database: SQLite, PostgreSQL, MySQL or MariaDB. A relative SQLite file lies in the instance folder."),
        defaults={"testing": "sqlite:///testing.db"},
    ),
    Setting(
        "SQLITE_SYNCHRONOUS",
        kinds.choice("FULL", "NORMAL", "OFF"),
        "FULL",
        _("How SQLite writes to the disk; with FULL alone every post survives a power failure."),
        defaults={"testing": "OFF"},
    ),
    Setting(
        "REDIS_URL",
        kinds.REDIS_URL,
        "",
        _("Redis or Valkey, shared by several web processes and workers; one process needs none."),
    ),
    Setting(
        "FILE_STORE",
        kinds.choice("folder", "s3"),
        "folder",
        _("Where pictures are stored: folder (UPLOAD_FOLDER), or s3 (S3-compatible, which needs the package boto3)."),
    ),
    Setting("UPLOAD_FOLDER", kinds.PATH, "{instance}/files", _("Folder of uploaded files and pictures.")),
    Setting("S3_ENDPOINT", kinds.SITE_URL, "", _("Address of the S3 store; while it is empty Amazon's.")),
    Setting("S3_BUCKET", kinds.TEXT, "", _("Bucket of the S3 store.")),
    Setting("S3_REGION", kinds.TEXT, "us-east-1", _("Region of the bucket; self-hosted stores accept any.")),
    Setting(
        "S3_ACCESS_KEY",
        kinds.TEXT,
        "",
        _("Id of the access key of the S3 store; when empty the machine's credentials (AWS_ variables, a role)."),
    ),
    Setting("S3_SECRET_KEY", kinds.TEXT, "", _("Secret of the access key of the S3 store."), secret=True),
    Setting("S3_PREFIX", kinds.TEXT, "", _("Prefix of the names in the bucket, for a bucket with other contents too.")),
    Setting("MAX_CONTENT_LENGTH", kinds.SIZE, "12MB", _("Largest request, and so the largest upload.")),
)

SECURITY = (
    Setting(
        "SECRET_KEY",
        kinds.TEXT,
        "",
        _(
            "Signs cookies and links: 32 random bytes or more, the same for every process. "
            "Development generates one in the instance folder."
        ),
        secret=True,
        defaults={"testing": "known-to-everybody-and-good-for-tests-only"},
    ),
    Setting("SESSION_COOKIE_NAME", kinds.TEXT, "madang_session", _("Name of the session cookie.")),
    Setting("SESSION_LIFETIME", kinds.DURATION, "7d", _("How long a session is valid after its last use.")),
    Setting(
        "SESSION_COOKIE_SECURE",
        kinds.AUTO_BOOL,
        "auto",
        _("Whether the session cookie is sent over https only; auto: when SITE_URL begins with https."),
    ),
    Setting(
        "TRUSTED_PROXIES",
        kinds.whole_number(0, 10),
        "0",
        _("Number of reverse proxies in front whose X-Forwarded headers are trusted."),
    ),
    Setting(
        "PASSWORD_HASH_MEMORY",
        kinds.SIZE,
        "64MB",
        _("Memory that one password check takes (argon2id)."),
        defaults={"testing": "64KB"},
    ),
    Setting(
        "PASSWORD_HASH_TIME",
        kinds.whole_number(1, 20),
        "3",
        _("Rounds of one password check (argon2id)."),
        defaults={"testing": "1"},
    ),
    Setting(
        "PASSWORD_HASH_PARALLELISM",
        kinds.whole_number(1, 16),
        "4",
        _("Threads of one password check (argon2id)."),
        defaults={"testing": "1"},
    ),
    Setting(
        "PASSWORD_CHECKS_AT_ONCE",
        kinds.whole_number(1, 64),
        "2",
        _("Password checks that one process runs at the same time; others wait."),
    ),
    Setting(
        "METRICS_TOKEN",
        kinds.TEXT,
        "",
        _("Bearer token for /metrics; while it is empty only this machine may read it, at localhost."),
        secret=True,
    ),
)

PROGRAMS = (
    Setting("JWT_ACCESS_LIFETIME", kinds.DURATION, "15m", _("How long an access token of the API is valid.")),
    Setting(
        "JWT_REFRESH_LIFETIME",
        kinds.DURATION,
        "30d",
        _("How long a refresh token is valid after its last use."),
    ),
    Setting(
        "API_BASIC_AUTH",
        kinds.BOOL,
        "no",
        _("Whether programs may send name and password with each call (HTTP Basic); only over https."),
        in_browser=True,
    ),
    Setting(
        "API_CORS_ORIGINS",
        kinds.ORIGINS,
        "",
        _("Other sites whose pages may call the API, such as https://app.example.org, with spaces between them."),
    ),
)

PROCESSES = (
    Setting(
        "PAGE_CACHE_SECONDS",
        kinds.whole_number(0, 60),
        "1",
        _("Maximum age of a cached page for visitors; 0 disables the page cache."),
        defaults={"testing": "0"},
    ),
    Setting(
        "JOBS_EMBEDDED",
        kinds.AUTO_BOOL,
        "auto",
        _("Whether the web process also runs background jobs; auto: unless REDIS_URL is given."),
        defaults={"testing": "no"},
    ),
    Setting("LOG_LEVEL", kinds.choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", _("Lowest level that is logged.")),
    Setting(
        "LOG_FORMAT", kinds.choice("text", "json"), "text", _("Format of the log."), defaults={"production": "json"}
    ),
    Setting("LOG_FILE", kinds.FILE, "", _("File that all processes write the log to, besides standard error.")),
    Setting("LOG_FILE_SIZE", kinds.SIZE, "10MB", _("Size at which the log file is renamed and a new one begun.")),
    Setting("LOG_FILES_KEPT", kinds.whole_number(1, 1_000), "5", _("How many earlier log files are kept.")),
)

GROUPS: dict[str, tuple[Setting, ...]] = {
    _("Site"): SITE,
    _("Features"): FEATURES,
    _("Storage"): STORAGE,
    _("Backups"): BACKUPS,
    _("Security"): SECURITY,
    _("Programs"): PROGRAMS,
    _("Rates"): RATES,
    _("Retention"): RETENTION,
    _("Mail"): MAIL,
    _("Processes"): PROCESSES,
}
SETTINGS: dict[str, Setting] = {setting.name: setting for group in GROUPS.values() for setting in group}
BROWSER_SETTINGS: dict[str, Setting] = {name: setting for name, setting in SETTINGS.items() if setting.in_browser}
