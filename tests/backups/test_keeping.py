"""Which backups `--keep` deletes."""

from datetime import datetime, timedelta

import pytest

from madang.backups.operations.keeping import Kept, abandoned, expired

from .conftest import Command

NEWEST = datetime(2026, 11, 30, 3, 0)  # noqa: DTZ001  (a Monday; names have no zone)


def named(*moments: datetime) -> list[str]:
    return [f"yard-{moment:%Y%m%d-%H%M%S}.zip" for moment in moments]


def days(*numbers: int) -> list[datetime]:
    """So many days before the newest."""
    return [NEWEST - timedelta(days=number) for number in numbers]


KEPT_OF_A_YEAR = [
    *("1130", "1129", "1128", "1127", "1126", "1125", "1124"),  # seven days
    *("1122", "1115"),  # with the 30th and the 29th four weeks
    *("1031", "0930", "0831", "0731", "0630", "0531", "0430", "0331", "0228", "0131"),
]


@pytest.mark.parametrize(
    ("moments", "kept", "removed"),
    [
        ([], Kept(), []),
        (days(0), Kept(), []),
        (days(900), Kept(), []),  # the newest one stays, however old
        (days(*range(7)), Kept(), []),
        ([NEWEST, NEWEST - timedelta(hours=1)], Kept(), [NEWEST - timedelta(hours=1)]),  # the older of a day
        (days(0, 30, 60), Kept(days=1, weeks=1, months=2), days(60)),  # September is the third month
        (days(0, 1, 2, 3), Kept(days=2, weeks=0, months=0), days(3, 2)),
        (days(0, 100, 200), Kept(days=3, weeks=0, months=0), []),  # days without a backup do not count
        (days(0, 7, 14, 21, 28), Kept(days=0, weeks=4, months=0), days(28)),
        (days(0, 1), Kept(days=0, weeks=2, months=0), []),  # Monday and the Sunday before are two weeks
        (days(1, 2), Kept(days=0, weeks=2, months=0), days(2)),
        (days(0), Kept(0, 0, 0), []),
        (days(0, 1), Kept(0, 0, 0), days(1)),
    ],
)
def test_the_newest_of_each_day_week_and_month_stays(moments, kept, removed):
    assert expired(named(*moments), "yard", kept) == named(*removed)


def test_a_year_of_daily_backups_leaves_twenty():
    names = named(*days(*range(334)))
    left = sorted(set(names) - set(expired(names, "yard")), reverse=True)
    assert [name[9:13] for name in left] == KEPT_OF_A_YEAR


def test_only_backups_of_this_site_are_deleted():
    old = [
        "yard-20200101-000000.zip.part",
        "yard-20200101-000000.zip.bak",
        "yard-20200101.zip",
        "yard-20201399-000000.zip",
        "yard-two-20200101-000000.zip",
        "two-yard-20200101-000000.zip",
        "Yard-20200101-000000.zip",
        "notes.txt",
    ]
    mine = named(*days(0, 1, 900))
    assert expired([*old, *mine], "yard", Kept(1, 0, 0)) == named(*days(900, 1))
    assert expired([f"a.b-{20200101 + day}-000000.zip" for day in range(3)], "axb", Kept(1, 0, 0)) == []


def test_what_a_killed_process_left_goes_after_a_day():
    parts = [f"{name}.part" for name in named(*days(0, 1, 2))]
    assert abandoned([*parts, *named(*days(0))], "yard") == sorted(parts[1:])
    assert abandoned(parts, "yard") == []
    assert abandoned([*parts, *named(*days(0))], "other") == []


def test_old_backups_go_once_a_new_one_is_there(app, madang: Command, content, tmp_path, monkeypatch):
    for name in ("yard-20200101-000000.zip", "yard-20200102-000000.zip", "other-20200101-000000.zip"):
        (tmp_path / name).write_text("old")
    result = madang("backup", f"{tmp_path}/", "--keep")
    assert result.exit_code == 0, result.output
    assert len(list(tmp_path.iterdir())) == 4, "days without a backup do not count"
    for day in range(3, 31):
        (tmp_path / f"yard-202001{day:02}-000000.zip").write_text("old")
    result = madang("backup", f"{tmp_path}/", "--keep")
    assert "Deleted the old backup yard-20200101-000000.zip" in result.output
    left = {path.name for path in tmp_path.iterdir()}
    assert "other-20200101-000000.zip" in left and "yard-20200130-000000.zip" in left
    assert "yard-20200102-000000.zip" not in left


def test_nothing_is_deleted_where_the_backup_fails_or_is_a_file(app, madang: Command, content, tmp_path, monkeypatch):
    names = named(*days(*range(100, 130)))
    for name in names:
        (tmp_path / name).write_text("old")
    monkeypatch.setattr("madang.backups.operations.making._file_names", lambda: 1 / 0)
    assert isinstance(madang("backup", tmp_path, "--keep").exception, ZeroDivisionError)
    assert "ends with a slash" in str(madang("backup", tmp_path / "one.zip", "--keep").exception)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
