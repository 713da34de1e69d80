"""Settings: sources and their precedence, validation, descriptions."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from madang.config import SETTINGS, ConfigError, describe, load, markdown_tables, unknown_variables

SECRET = "a-secret-of-more-than-thirty-two-bytes"


def load_production(instance, **variables):
    return load({"MADANG_CONFIG": "production", "MADANG_SECRET_KEY": SECRET, **variables}, instance)


def refusal(environ, instance) -> str:
    with pytest.raises(ConfigError) as refused:
        load(environ, instance)
    return str(refused.value)


def row_of(config, variable):
    return next(row for row in describe(config) if row.name == variable)


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# Which value wins


def test_development_is_the_default_and_needs_no_setting(tmp_path):
    config = load({}, tmp_path)
    assert config["ENVIRONMENT"] == "development"
    assert config["POSTS_PER_PAGE"] == 30
    assert config["DATABASE_URL"] == f"sqlite:///{tmp_path}/madang.db"


def test_each_environment_has_its_own_defaults(tmp_path):
    assert load({}, tmp_path)["LOG_FORMAT"] == "text"
    assert load_production(tmp_path)["LOG_FORMAT"] == "json"
    testing = load({"MADANG_CONFIG": "testing"}, tmp_path)
    assert testing["TESTING"] is True
    assert testing["LOGIN_LIMIT"] == ""
    assert testing["DATABASE_URL"] == f"sqlite:///{tmp_path}/testing.db"


def test_an_environment_that_does_not_exist_is_refused(tmp_path):
    assert refusal({"MADANG_CONFIG": "prod"}, tmp_path) == (
        "MADANG_CONFIG must be one of development, production, testing; it is 'prod'."
    )


def test_precedence_of_the_sources(tmp_path):
    file = write(tmp_path / "settings.env", "POSTS_PER_PAGE=10\nMADANG_SITE_NAME='마당 동네'\nDEFAULT_LOCALE=en\n")
    environ = {"APP_CONFIG_FILE": str(file), "MADANG_POSTS_PER_PAGE": "20", "MADANG_DEFAULT_LOCALE": "ko"}
    config = load(environ, tmp_path, {"DEFAULT_LOCALE": "en"})
    assert (config["SITE_NAME"], config["POSTS_PER_PAGE"], config["DEFAULT_LOCALE"]) == ("마당 동네", 20, "en")


def test_an_empty_variable_is_ignored(tmp_path):
    file = write(tmp_path / "settings.env", "POSTS_PER_PAGE=10\n")
    config = load({"APP_CONFIG_FILE": str(file), "MADANG_POSTS_PER_PAGE": " "}, tmp_path)
    assert config["POSTS_PER_PAGE"] == 10


def test_every_setting_can_be_set_by_a_variable(tmp_path):
    environ = {
        setting.variable: setting.default.replace("{instance}", str(tmp_path))
        for setting in SETTINGS.values()
        if setting.default
    }
    assert load(environ, tmp_path)["SITE_NAME"] == "Madang"
    assert unknown_variables(environ) == {}


# The file


def test_a_settings_file_may_contain_comments_blank_lines_quotes_and_export(tmp_path):
    file = write(tmp_path / "settings.env", '# ours\n\nexport SITE_NAME="Yard = 마당"\nLOG_LEVEL=warning\n')
    config = load({"APP_CONFIG_FILE": str(file)}, tmp_path)
    assert (config["SITE_NAME"], config["LOG_LEVEL"]) == ("Yard = 마당", "WARNING")


def test_a_variable_overrides_the_environment_of_the_file(tmp_path):
    file = write(tmp_path / "settings.env", f"MADANG_CONFIG=production\nSECRET_KEY={SECRET}\n")
    assert load({"APP_CONFIG_FILE": str(file)}, tmp_path)["ENVIRONMENT"] == "production"
    environ = {"APP_CONFIG_FILE": str(file), "MADANG_CONFIG": "testing"}
    assert load(environ, tmp_path)["ENVIRONMENT"] == "testing"


def test_a_misspelt_name_in_the_file_is_refused_with_a_suggestion(tmp_path):
    file = write(tmp_path / "settings.env", "SITE_NAME=Yard\nSITE_NAMES=Yard\n")
    assert refusal({"APP_CONFIG_FILE": str(file)}, tmp_path) == (
        f"Line 2 of {file} sets SITE_NAMES, which is no setting. Did you mean SITE_NAME?"
    )


def test_a_line_without_a_value_is_refused(tmp_path):
    file = write(tmp_path / "settings.env", "SITE_NAME\n")
    assert refusal({"APP_CONFIG_FILE": str(file)}, tmp_path) == f"Line 1 of {file} must look like NAME=value."


def test_a_python_file_may_set_settings_of_flask(tmp_path):
    file = write(
        tmp_path / "settings.py", "from pathlib import Path\nPOSTS_PER_PAGE = 5 * 2\nTRAP_HTTP_EXCEPTIONS = True\n"
    )
    config = load({"APP_CONFIG_FILE": str(file)}, tmp_path)
    assert (config["POSTS_PER_PAGE"], config["TRAP_HTTP_EXCEPTIONS"]) == (10, True)
    assert "Path" not in config


def test_a_failing_python_file_is_refused_with_a_sentence(tmp_path):
    file = write(tmp_path / "settings.py", "POSTS_PER_PAGE = 1 / 0\n")
    assert refusal({"APP_CONFIG_FILE": str(file)}, tmp_path).startswith(f"{file} must be a Python file that runs;")


@pytest.mark.parametrize("name", ["missing.env", "missing.py", "."])
def test_an_unreadable_file_is_refused_with_a_sentence(tmp_path, name):
    path = tmp_path / name / "x"
    assert refusal({"APP_CONFIG_FILE": str(path)}, tmp_path).startswith(f"APP_CONFIG_FILE names {path}, which cannot")


def test_the_error_of_a_wrong_value_names_the_file(tmp_path):
    file = write(tmp_path / "settings.env", "POSTS_PER_PAGE=many\n")
    assert refusal({"APP_CONFIG_FILE": str(file)}, tmp_path) == (
        f"MADANG_POSTS_PER_PAGE in {file} must be a whole number from 1 to 100; it is 'many'."
    )


# Kinds of value


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("2 W", 1_209_600)]
)
def test_durations(tmp_path, text, seconds):
    config = load({"MADANG_SESSION_LIFETIME": text}, tmp_path)
    assert config["SESSION_LIFETIME"] == seconds
    assert config["PERMANENT_SESSION_LIFETIME"] == timedelta(seconds=seconds)


@pytest.mark.parametrize(("text", "size"), [("2048", 2048), ("512KB", 524_288), ("10mb", 10_485_760)])
def test_sizes(tmp_path, text, size):
    assert load({"MADANG_MAX_CONTENT_LENGTH": text}, tmp_path)["MAX_CONTENT_LENGTH"] == size


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("ON", True), ("1", True), ("false", False), ("0", False)])
def test_yes_and_no(tmp_path, text, value):
    assert load({"MADANG_SIGNUP_OPEN": text}, tmp_path)["SIGNUP_OPEN"] is value


def test_a_rate_may_be_off(tmp_path):
    config = load({"MADANG_VOTE_LIMIT": "off"}, tmp_path)
    assert config["VOTE_LIMIT"] == ""
    assert row_of(config, "MADANG_VOTE_LIMIT").value == "off"


@pytest.mark.parametrize(
    ("variable", "text", "allowed"),
    [
        ("POSTS_PER_PAGE", "0", "a whole number from 1 to 100"),
        ("POSTS_PER_PAGE", "many", "a whole number from 1 to 100"),
        ("SIGNUP_OPEN", "maybe", "yes or no"),
        ("EMAIL_CONFIRMATION", "maybe", "yes, no or auto"),
        ("SESSION_LIFETIME", "7 days ago", 'a duration such as "90s", "15m", "12h" or "7d"'),
        ("SESSION_LIFETIME", "-5m", 'a duration such as "90s", "15m", "12h" or "7d"'),
        ("MAX_CONTENT_LENGTH", "10 apples", 'a size such as "512KB" or "10MB"'),
        ("LOGIN_LIMIT", "often", 'a rate such as "10 per minute" or "100 per hour", or "off"'),
        ("DEFAULT_LOCALE", "tlh", "one of ko, en"),
        ("DEFAULT_TIMEZONE", "Seoul", 'the name of a time zone such as "Asia/Seoul" or "UTC"'),
        ("DEFAULT_TIMEZONE", "../../etc/passwd", 'the name of a time zone such as "Asia/Seoul" or "UTC"'),
        ("SITE_URL", "board.example.org", 'an address such as "https://board.example.org"'),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(tmp_path, variable, text, allowed):
    assert refusal({f"MADANG_{variable}": text}, tmp_path) == f"MADANG_{variable} must be {allowed}; it is {text!r}."


def test_the_error_of_a_wrong_url_hides_its_password(tmp_path):
    sentence = refusal({"MADANG_DATABASE_URL": "oracle://ann:hunter2@db/board"}, tmp_path)
    assert sentence.startswith("MADANG_DATABASE_URL must be an address such as")
    assert "hunter2" not in sentence


# Addresses of databases


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgres://ann:p%40ss@db/board", "postgresql+psycopg://ann:p%40ss@db/board"),
        ("postgresql://ann@db:5433/board", "postgresql+psycopg://ann@db:5433/board"),
        ("postgresql+psycopg2://ann@db/board", "postgresql+psycopg://ann@db/board"),
        ("mysql://ann:pass@db/board", "mysql+pymysql://ann:pass@db/board?charset=utf8mb4"),
        ("mariadb://ann:pass@db/board", "mysql+pymysql://ann:pass@db/board?charset=utf8mb4"),
        ("mysql://ann@db/board?charset=utf8", "mysql+pymysql://ann@db/board?charset=utf8mb4"),
        ("sqlite:////srv/board.db", "sqlite:////srv/board.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_a_database_url_gets_the_installed_driver(tmp_path, written, used):
    config = load({"MADANG_DATABASE_URL": written}, tmp_path)
    assert config["DATABASE_URL"] == used


def test_a_relative_sqlite_path_is_in_the_instance_folder(tmp_path):
    config = load({"MADANG_DATABASE_URL": "sqlite:///board.db"}, tmp_path)
    assert config["DATABASE_URL"] == f"sqlite:///{tmp_path}/board.db"


def test_the_instance_folder_can_be_set(tmp_path):
    config = load({"MADANG_INSTANCE": str(tmp_path / "there")}, tmp_path / "here")
    assert config["INSTANCE"] == str(tmp_path / "there")
    assert config["UPLOAD_FOLDER"] == str(tmp_path / "there" / "files")
    assert config["DATABASE_URL"] == f"sqlite:///{tmp_path}/there/madang.db"
    assert not (tmp_path / "here").exists()


# The secret key


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_production_refuses_to_start_without_a_long_secret(tmp_path, key):
    sentence = refusal({"MADANG_CONFIG": "production", "MADANG_SECRET_KEY": key}, tmp_path)
    assert sentence.startswith("MADANG_SECRET_KEY must be a secret of 32 bytes or more in production;")
    assert not (tmp_path / "secret_key").exists()


def test_production_starts_with_a_secret_of_32_bytes(tmp_path):
    assert load_production(tmp_path, MADANG_SECRET_KEY="x" * 32)["SECRET_KEY"] == "x" * 32


def test_development_generates_a_private_secret_once(tmp_path):
    first = load({}, tmp_path / "instance")["SECRET_KEY"]
    assert len(first) >= 32
    assert load({}, tmp_path / "instance")["SECRET_KEY"] == first
    kept = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_secret_that_another_process_just_stored_is_used(tmp_path):
    write(tmp_path / "secret_key", SECRET + "\n")
    assert load({}, tmp_path)["SECRET_KEY"] == SECRET


# What follows from the settings


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(tmp_path):
    config = load({}, tmp_path)
    assert (config["SESSION_COOKIE_HTTPONLY"], config["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    assert config["SESSION_COOKIE_SECURE"] is False


def test_the_session_cookie_is_secure_on_a_site_under_https(tmp_path):
    config = load_production(tmp_path, MADANG_SITE_URL="https://board.example.org/")
    assert config["SITE_URL"] == "https://board.example.org"
    assert config["SESSION_COOKIE_SECURE"] is True
    assert config["PREFERRED_URL_SCHEME"] == "https"


def test_an_explicit_value_overrides_auto(tmp_path):
    environ = {"MADANG_SESSION_COOKIE_SECURE": "yes", "MADANG_EMAIL_CONFIRMATION": "no", "MADANG_MAIL_SERVER": "mx"}
    config = load(environ, tmp_path)
    assert (config["SESSION_COOKIE_SECURE"], config["EMAIL_CONFIRMATION"]) == (True, False)


def test_email_is_confirmed_once_mail_is_configured(tmp_path):
    assert load({}, tmp_path)["EMAIL_CONFIRMATION"] is False
    assert load({"MADANG_MAIL_SERVER": "mx.example.org"}, tmp_path)["EMAIL_CONFIRMATION"] is True


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("ssl", 465), ("none", 25)])
def test_the_mail_port_follows_the_protocol(tmp_path, tls, port):
    assert load({"MADANG_MAIL_TLS": tls}, tmp_path)["MAIL_PORT"] == port
    assert load({"MADANG_MAIL_TLS": tls, "MADANG_MAIL_PORT": "2525"}, tmp_path)["MAIL_PORT"] == 2525


def test_production_with_mail_requires_a_site_url(tmp_path):
    environ = {"MADANG_CONFIG": "production", "MADANG_SECRET_KEY": SECRET, "MADANG_MAIL_SERVER": "mx.example.org"}
    assert refusal(environ, tmp_path).startswith("MADANG_SITE_URL must be set with MADANG_MAIL_SERVER:")
    assert load({**environ, "MADANG_SITE_URL": "https://board.example.org"}, tmp_path)["MAIL_SERVER"]


def test_an_s3_store_requires_a_bucket_and_both_parts_of_a_key(tmp_path):
    s3 = {"MADANG_FILE_STORE": "S3"}
    assert refusal(s3, tmp_path) == "MADANG_S3_BUCKET must be set with MADANG_FILE_STORE=s3."
    half = {**s3, "MADANG_S3_BUCKET": "yard", "MADANG_S3_ACCESS_KEY": "yard"}
    assert refusal(half, tmp_path) == "MADANG_S3_ACCESS_KEY and MADANG_S3_SECRET_KEY must be set together."
    config = load({**half, "MADANG_S3_SECRET_KEY": "a key"}, tmp_path)
    assert (config["FILE_STORE"], config["S3_REGION"], config["S3_PREFIX"]) == ("s3", "us-east-1", None)
    assert row_of(config, "MADANG_S3_SECRET_KEY").value == "(hidden)"


def test_with_redis_jobs_run_outside_the_web_process(tmp_path):
    assert load({}, tmp_path)["JOBS_EMBEDDED"] is True
    assert load({"MADANG_REDIS_URL": "redis://127.0.0.1/0"}, tmp_path)["JOBS_EMBEDDED"] is False


def test_the_form_limit_admits_the_longest_body_of_emoji(tmp_path):
    assert load({}, tmp_path)["MAX_FORM_MEMORY_SIZE"] > len("%F0%9F%98%80") * 100_000


# What people see


def test_describe_names_every_setting_once(tmp_path):
    rows = describe(load({}, tmp_path))
    assert [row.name for row in rows] == [setting.variable for setting in SETTINGS.values()]
    assert all(row.meaning.endswith(".") for row in rows)


def test_describe_formats_values_as_in_a_settings_file(tmp_path):
    config = load({"MADANG_SESSION_LIFETIME": "36h", "MADANG_MAX_CONTENT_LENGTH": "1536"}, tmp_path)
    assert row_of(config, "MADANG_SESSION_LIFETIME").value == "36h"
    assert row_of(config, "MADANG_SESSION_LIFETIME").default == "7d"
    assert row_of(config, "MADANG_MAX_CONTENT_LENGTH").value == "1536B"
    assert row_of(config, "MADANG_SIGNUP_OPEN").value == "yes"
    assert row_of(config, "MADANG_SITE_URL").value == ""


def test_describe_hides_secrets_and_passwords(tmp_path):
    config = load_production(
        tmp_path,
        MADANG_DATABASE_URL="postgresql://ann:hunter@2@db/board?password=hunter3",
        MADANG_REDIS_URL="redis://:hunter4@127.0.0.1/0",
        MADANG_MAIL_PASSWORD="hunter5",
        MADANG_METRICS_TOKEN="hunter6",
    )
    shown = repr(describe(config))
    assert SECRET not in shown
    assert "hunter" not in shown
    assert row_of(config, "MADANG_DATABASE_URL").value == "postgresql+psycopg://ann:***@db/board?password=***"


def test_unknown_variables_are_listed_with_suggestions():
    environ = {"MADANG_SITENAME": "Yard", "MADANG_TEST_DATABASES": "sqlite", "MADANG_ZZZ": "", "HOME": "/root"}
    assert unknown_variables(environ) == {"MADANG_SITENAME": "SITE_NAME", "MADANG_ZZZ": None}


def test_the_documentation_contains_the_tables_of_settings():
    page = Path(__file__).parents[1] / "docs" / "operations" / "settings.md"
    assert markdown_tables() in page.read_text("utf-8"), "Put the output of `python -m madang.config` into the page."
