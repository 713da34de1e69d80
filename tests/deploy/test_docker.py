"""deploy/Dockerfile and deploy/compose.yaml: what each container may and may not do, read from the files.

docs/operations/containers.md says what was tried with them.
"""

import re
import runpy

import pytest
import yaml

from madang.config import SETTINGS, load
from tests.conventions import ROOT

COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
TEXT = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
SERVICES = COMPOSE["services"]
OURS = ("secrets", "web", "worker")
WITHOUT_HEALTHCHECK = {
    "secrets": "it ends at once",
    "worker": "it has no address; its signs of life are in the database",
}
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_is_bounded_and_has_no_rights(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert service["restart"] == ("no" if name == "secrets" else "unless-stopped")


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "secrets"])
def test_each_container_has_time_to_stop(name):
    assert re.fullmatch(r"\d+s", SERVICES[name]["stop_grace_period"])


@pytest.mark.parametrize("name", SERVICES)
def test_each_container_has_a_health_check_or_a_reason(name):
    if name in WITHOUT_HEALTHCHECK:
        assert SERVICES[name]["healthcheck"] == {"disable": True}
    elif name == "web":
        assert "HEALTHCHECK" in DOCKERFILE
        assert "/healthz" in DOCKERFILE
    else:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_the_web_processes_may_finish_their_requests():
    config = (ROOT / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    graceful = int(re.search(r"^graceful_timeout = (\d+)$", config, re.M)[1])
    assert int(SERVICES["web"]["stop_grace_period"].removesuffix("s")) > graceful


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in OURS])
def test_images_of_others_have_a_version(name):
    assert re.fullmatch(r"[\w/]+:\d+[\w.-]*", SERVICES[name]["image"])


def test_the_images_of_the_dockerfile_have_a_version():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.M)
    assert len(images) == 2
    assert [image for image in images if not re.search(r":\d+\.\d+", image)] == []


def test_madang_runs_as_a_user_with_a_fixed_id():
    user = re.findall(r"^USER (\d+):\d+$", DOCKERFILE, re.M)
    assert user == re.findall(r"useradd .*--uid (\d+)", DOCKERFILE) != ["0"]
    assert [name for name in OURS if "user" in SERVICES[name]] == []
    assert [name for name in ("database", "valkey") if not SERVICES[name].get("user")] == []


def test_only_the_web_server_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("database", "valkey")] == [["back"], ["back"]]


def test_every_volume_is_named_and_used():
    mounted = [each for service in SERVICES.values() for each in service.get("volumes", ())]
    used = {each.partition(":")[0] for each in mounted if not each.startswith(".")}
    assert used == set(COMPOSE["volumes"])


def test_what_is_mounted_from_the_repository_exists():
    mounted = [each for service in SERVICES.values() for each in service.get("volumes", ()) if each.startswith(".")]
    assert len(mounted) == 2
    assert [each for each in mounted if not (ROOT / "deploy" / each.partition(":")[0]).exists()] == []


def test_every_setting_of_mail_can_be_given():
    wanted = {f"MADANG_{name}" for name in SETTINGS if "MAIL" in name}
    assert len(wanted) >= 9
    assert wanted <= set(SERVICES["web"]["environment"])


def test_every_setting_exists():
    given = {name for name in SERVICES["web"]["environment"] if name.startswith("MADANG_")} - {"MADANG_CONFIG"}
    assert given <= {f"MADANG_{name}" for name in SETTINGS}


def test_web_and_worker_have_the_same_settings():
    assert SERVICES["web"]["environment"] == SERVICES["worker"]["environment"]


def test_no_secret_has_a_default():
    variables = dict(VARIABLE.findall(TEXT))
    secret = {name for name in variables if re.search("PASSWORD|PASSPHRASE|TOKEN|SECRET|KEY", name)}
    assert len(secret) >= 3
    assert {name for name in secret if variables[name]} == set()


def test_it_starts_without_any_variable():
    assert re.findall(r"\$\{\w+:?\?", TEXT) == [], "a variable without which compose refuses"


@pytest.fixture
def make_secrets(tmp_path):
    def make() -> dict[str, str]:
        script = runpy.run_path(str(ROOT / "deploy" / "containers" / "make_secrets.py"))
        script["make_secrets"](tmp_path)
        return {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}

    return make


def test_secrets_are_made_once_and_readable_by_those_who_need_them(make_secrets, tmp_path):
    made = make_secrets()
    assert set(made) == {"settings.env", "database_password"}
    assert make_secrets() == made
    assert (tmp_path / "settings.env").stat().st_mode & 0o777 == 0o400
    assert (tmp_path / "database_password").stat().st_mode & 0o777 == 0o444


def test_a_start_that_was_killed_between_the_two_is_made_good(make_secrets, tmp_path):
    made = make_secrets()
    (tmp_path / "settings.env").unlink()
    (tmp_path / "settings.new").write_text("half", encoding="utf-8")
    again = make_secrets()
    assert again["database_password"] == made["database_password"]
    assert set(again) == {"settings.env", "database_password"}


def test_the_secrets_are_settings_of_this_composition(make_secrets, tmp_path):
    made = make_secrets()
    environ = {name: VARIABLE.sub(r"\2", value) for name, value in SERVICES["web"]["environment"].items()}
    environ |= {"APP_CONFIG_FILE": str(tmp_path / "settings.env")}
    config = load(environ, tmp_path)
    assert config["ENVIRONMENT"] == "production"
    assert len(config["SECRET_KEY"]) == 64
    assert config["DATABASE_URL"] == f"postgresql+psycopg://madang:{made['database_password']}@database/madang"
    assert config["SITE_URL"] == "https://localhost"
    assert config["BACKUP_TARGET"] == "/var/backups/madang/"
