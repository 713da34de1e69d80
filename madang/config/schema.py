"""The definitions of all settings: name, kind, default and meaning."""

from typing import Any

from . import kinds
from .backup_settings import BACKUPS
from .definition import Setting

Values = dict[str, Any]  # by the names of settings, whose kinds determine the types
ENVIRONMENTS = ("development", "production", "testing")

MINIMUM_SECRET_BYTES = 32

SITE = (
    Setting("SITE_URL", kinds.SITE_URL, "", "Address that people type; links in mails begin with it."),
    Setting("SITE_NAME", kinds.TEXT, "Madang", "Name of the site until its administrator gives it one."),
    Setting(
        "DEFAULT_LOCALE",
        kinds.choice("ko", "en"),
        "ko",
        "Language for readers who ask for none.",
        defaults={"testing": "en"},
    ),
    Setting(
        "DEFAULT_TIMEZONE",
        kinds.TIMEZONE,
        "Asia/Seoul",
        "Time zone for readers who chose none.",
        defaults={"testing": "UTC"},
    ),
    Setting(
        "GUEST_LOGIN_BY_LINK",
        kinds.BOOL,
        "no",
        "Whether ?username=ABC123 opens that guest on any page; whoever knows a handle can then read its data.",
        defaults={"development": "yes", "testing": "yes"},
    ),
    Setting("SIGNUP_OPEN", kinds.BOOL, "yes", "Whether anybody may sign up."),
    Setting("POSTS_PER_PAGE", kinds.whole_number(1, 100), "30", "Rows on a page of a list."),
    Setting("TITLE_MIN", kinds.whole_number(1, 100), "2", "Least characters of a title; spaces do not count."),
    Setting("QUESTION_MIN", kinds.whole_number(1, 1000), "10", "Least characters that the text of a question shows."),
    Setting("ANSWER_MIN", kinds.whole_number(1, 1000), "2", "Least characters that an answer shows."),
    Setting("COMMENT_MIN", kinds.whole_number(1, 1000), "2", "Least characters that a comment shows."),
)

STORAGE = (
    Setting("INSTANCE", kinds.PATH, "{instance}", "Folder of all files that the site writes."),
    Setting(
        "DATABASE_URL",
        kinds.DATABASE_URL,
        "sqlite:///madang.db",
        "Database: SQLite, PostgreSQL, MySQL or MariaDB. A relative SQLite file lies in the instance folder.",
        defaults={"testing": "sqlite:///testing.db"},
    ),
    Setting(
        "SQLITE_SYNCHRONOUS",
        kinds.choice("FULL", "NORMAL", "OFF"),
        "FULL",
        "How SQLite writes to the disk; with FULL alone every post survives a power failure.",
        defaults={"testing": "OFF"},
    ),
    Setting(
        "REDIS_URL",
        kinds.REDIS_URL,
        "",
        "Redis or Valkey, shared by several web processes and workers; one process needs none.",
    ),
    Setting(
        "FILE_STORE",
        kinds.choice("folder", "s3"),
        "folder",
        "Where pictures are stored: folder (UPLOAD_FOLDER), or s3 (S3-compatible, which needs the package boto3).",
    ),
    Setting("UPLOAD_FOLDER", kinds.PATH, "{instance}/files", "Folder of uploaded files and pictures."),
    Setting("S3_ENDPOINT", kinds.SITE_URL, "", "Address of the S3 store; while it is empty Amazon's."),
    Setting("S3_BUCKET", kinds.TEXT, "", "Bucket of the S3 store."),
    Setting("S3_REGION", kinds.TEXT, "us-east-1", "Region of the bucket; self-hosted stores accept any."),
    Setting(
        "S3_ACCESS_KEY",
        kinds.TEXT,
        "",
        "Id of the access key of the S3 store; when empty the machine's credentials (AWS_ variables, a role).",
    ),
    Setting("S3_SECRET_KEY", kinds.TEXT, "", "Secret of the access key of the S3 store.", secret=True),
    Setting("S3_PREFIX", kinds.TEXT, "", "Prefix of the names in the bucket, for a bucket with other contents too."),
    Setting("MAX_CONTENT_LENGTH", kinds.SIZE, "12MB", "Largest request, and so the largest upload."),
)

SECURITY = (
    Setting(
        "SECRET_KEY",
        kinds.TEXT,
        "",
        f"Signs cookies and links: {MINIMUM_SECRET_BYTES} random bytes or more, the same for every process. "
        "Development generates one in the instance folder.",
        secret=True,
        defaults={"testing": "known-to-everybody-and-good-for-tests-only"},
    ),
    Setting("SESSION_COOKIE_NAME", kinds.TEXT, "madang_session", "Name of the session cookie."),
    Setting("SESSION_LIFETIME", kinds.DURATION, "7d", "How long a session is valid after its last use."),
    Setting(
        "SESSION_COOKIE_SECURE",
        kinds.AUTO_BOOL,
        "auto",
        "Whether the session cookie is sent over https only; auto: when SITE_URL begins with https.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        kinds.whole_number(0, 10),
        "0",
        "Number of reverse proxies in front whose X-Forwarded headers are trusted.",
    ),
    Setting(
        "PASSWORD_HASH_MEMORY",
        kinds.SIZE,
        "64MB",
        "Memory that one password check takes (argon2id).",
        defaults={"testing": "64KB"},
    ),
    Setting(
        "PASSWORD_HASH_TIME",
        kinds.whole_number(1, 20),
        "3",
        "Rounds of one password check (argon2id).",
        defaults={"testing": "1"},
    ),
    Setting(
        "PASSWORD_HASH_PARALLELISM",
        kinds.whole_number(1, 16),
        "4",
        "Threads of one password check (argon2id).",
        defaults={"testing": "1"},
    ),
    Setting(
        "PASSWORD_CHECKS_AT_ONCE",
        kinds.whole_number(1, 64),
        "2",
        "Password checks that one process runs at the same time; others wait.",
    ),
    Setting(
        "METRICS_TOKEN",
        kinds.TEXT,
        "",
        "Bearer token for /metrics; while it is empty only this machine may read it, at localhost.",
        secret=True,
    ),
)

PROGRAMS = (
    Setting("JWT_ACCESS_LIFETIME", kinds.DURATION, "15m", "How long an access token of the API is valid."),
    Setting(
        "JWT_REFRESH_LIFETIME",
        kinds.DURATION,
        "30d",
        "How long a refresh token is valid after its last use.",
    ),
    Setting(
        "API_BASIC_AUTH",
        kinds.BOOL,
        "no",
        "Whether programs may send name and password with each call (HTTP Basic); only over https.",
    ),
    Setting(
        "API_CORS_ORIGINS",
        kinds.ORIGINS,
        "",
        "Other sites whose pages may call the API, such as https://app.example.org, with spaces between them.",
    ),
)

RATES = tuple(
    # Tests post faster than people; those of a rate limit set it themselves.
    Setting(name, kinds.RATE, default, meaning, defaults={"testing": "off"})
    for name, default, meaning in (
        ("LOGIN_LIMIT", "10 per minute", "Tries to log in from one address; above it, each must wait."),
        ("LOGIN_ACCOUNT_LIMIT", "10 per hour", "Wrong passwords by name and address; then each try must wait."),
        ("GUEST_LIMIT", "120 per hour", "New guests from one address, and guests opened by a link."),
        ("SIGNUP_LIMIT", "20 per hour", "New accounts from one address."),
        ("MAIL_LIMIT", "5 per hour", "Mails that one person may ask for, or that one address gets of a kind."),
        (
            "POST_LIMIT",
            "6 per minute",
            "Questions, answers and posts of one member, their edits, and changes of the profile.",
        ),
        ("COMMENT_LIMIT", "20 per minute", "Comments of one member."),
        ("MESSAGE_LIMIT", "20 per minute", "Messages of one member, and what the member blocks or reports."),
        ("VOTE_LIMIT", "60 per minute", "Votes of one member."),
        ("FLAG_LIMIT", "20 per hour", "Posts and comments that one member flags, and requests for deletion."),
        ("FOLLOW_LIMIT", "60 per minute", "Follows and unfollows of one member."),
        ("GROUP_LIMIT", "60 per hour", "Groups that one member joins or asks to join, and additions and invitations."),
        ("PREVIEW_LIMIT", "60 per minute", "Previews of one member."),
        ("DRAFT_LIMIT", "60 per minute", "Drafts of one member that are saved on the server."),
        ("TODO_LIMIT", "120 per minute", "New to-dos and lists of one person."),
        ("UPLOAD_LIMIT", "20 per minute", "Uploads of one member."),
        (
            "API_LIMIT",
            "600 per minute",
            "Calls to the API of one person, over all sessions and tokens, or of one address.",
        ),
        ("TOOL_LIMIT", "60 per hour", "Jobs that one person starts on the pages of the tools."),
    )
)

MAIL = (
    Setting(
        "MAIL_SERVER",
        kinds.TEXT,
        "",
        "SMTP server; without one mails fail in production, else the log and the folder mail of the instance get them.",
    ),
    Setting(
        "MAIL_PORT",
        kinds.whole_number(1, 65535),
        "",
        "Port of the SMTP server; when empty 587 (starttls), 465 (ssl) or 25 (none).",
    ),
    Setting("MAIL_USERNAME", kinds.TEXT, "", "Name to log in to the SMTP server with."),
    Setting("MAIL_PASSWORD", kinds.TEXT, "", "Password to log in to the SMTP server with.", secret=True),
    Setting(
        "MAIL_TLS",
        kinds.choice("starttls", "ssl", "none"),
        "starttls",
        "Encryption of the connection to the SMTP server.",
    ),
    Setting("MAIL_SMTPUTF8", kinds.BOOL, "no", "Whether the SMTP server takes letters beyond ASCII before the @."),
    Setting("MAIL_FROM", kinds.TEXT, "Madang <noreply@localhost>", "Sender of every mail."),
    Setting(
        "SEND_MAIL_PER_DAY",
        kinds.whole_number(0, 100_000),
        "20",
        "Mails that one person may send in a day on the page for it; 0 closes the page.",
        defaults={"development": "1000", "testing": "1000"},
    ),
    Setting(
        "EMAIL_CONFIRMATION",
        kinds.AUTO_BOOL,
        "auto",
        "Whether a new member confirms the e-mail address; auto: when MAIL_SERVER is given.",
    ),
)

RUNNING = (
    Setting(
        "PAGE_CACHE_SECONDS",
        kinds.whole_number(0, 60),
        "1",
        "Maximum age of a cached page for visitors; 0 disables the page cache.",
        defaults={"testing": "0"},
    ),
    Setting(
        "JOBS_EMBEDDED",
        kinds.AUTO_BOOL,
        "auto",
        "Whether the web process also runs background jobs; auto: unless REDIS_URL is given.",
        defaults={"testing": "no"},
    ),
    Setting("LOG_LEVEL", kinds.choice("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "Lowest level that is logged."),
    Setting("LOG_FORMAT", kinds.choice("text", "json"), "text", "Format of the log.", defaults={"production": "json"}),
    Setting("LOG_FILE", kinds.FILE, "", "File that all processes write the log to, besides standard error."),
    Setting("LOG_FILE_SIZE", kinds.SIZE, "10MB", "Size at which the log file is renamed and a new one begun."),
    Setting("LOG_FILES_KEPT", kinds.whole_number(1, 1_000), "5", "How many earlier log files are kept."),
)

GROUPS: dict[str, tuple[Setting, ...]] = {
    "Site": SITE,
    "Storage": STORAGE,
    "Backups": BACKUPS,
    "Security": SECURITY,
    "Programs": PROGRAMS,
    "Rates": RATES,
    "Mail": MAIL,
    "Running": RUNNING,
}
SETTINGS: dict[str, Setting] = {setting.name: setting for group in GROUPS.values() for setting in group}
