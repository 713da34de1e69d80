"""Catalogues: the slices' become one for each language, and nothing is left untranslated."""

import gettext
import os
import subprocess
import sys
from pathlib import Path

import pytest

from madang.translations import check
from madang.translations.build import SOURCES, compile_catalogues, languages

ANSWERS = ("one answer", "%(num)s answers", "답변 %(num)s개")
NUMBERS = (*ANSWERS[:2], "답변 %(num)s")
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


def entry(message: str, translation: str, before: str = "") -> str:
    return f'\n{before}msgid "{message}"\nmsgstr "{translation}"\n'


def in_context(context: str, entry: str) -> str:
    return f'\nmsgctxt "{context}"{entry}'


def plural_entry(singular: str, plural: str, translation: str) -> str:
    return f'\nmsgid "{singular}"\nmsgid_plural "{plural}"\nmsgstr[0] "{translation}"\n'


@pytest.fixture
def package(tmp_path) -> Path:
    """A package with one Korean folder, empty."""
    package = tmp_path / "package"
    (package / "translations" / "ko").mkdir(parents=True)
    return package


def write_slice(package: Path, name: str, *entries: str) -> Path:
    path = package / "translations" / "ko" / f"{name}.po"
    path.write_text(HEADER + "".join(entries), "utf-8")
    return path


def compiled(package: Path) -> gettext.GNUTranslations:
    folder = compile_catalogues(package / "translations", package / "_build")
    with (folder / "ko" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def complaints(package: Path, capsys) -> str:
    with pytest.raises(SystemExit):
        check.main(package, package / "translations")
    return capsys.readouterr().out


# Compiling


def test_the_catalogues_of_all_slices_are_merged(package):
    write_slice(package, "posts", entry("Question", "질문"), plural_entry(*ANSWERS))
    write_slice(package, "votes", entry("Vote", "추천"))
    korean = compiled(package)
    assert (korean.gettext("Question"), korean.gettext("Vote")) == ("질문", "추천")
    assert korean.ngettext("one answer", "%(num)s answers", 1) == "답변 %(num)s개"


def test_each_context_has_a_translation_of_its_own(package):
    write_slice(package, "posts", entry("Write", "글쓰기"), plural_entry(*ANSWERS))
    write_slice(package, "layout", in_context("tab", entry("Write", "작성")), in_context("tab", plural_entry(*NUMBERS)))
    korean = compiled(package)
    assert (korean.gettext("Write"), korean.pgettext("tab", "Write")) == ("글쓰기", "작성")
    assert korean.ngettext("one answer", "%(num)s answers", 2) == "답변 %(num)s개"
    assert korean.npgettext("tab", "one answer", "%(num)s answers", 2) == "답변 %(num)s"


def test_a_current_catalogue_is_not_compiled_again(package):
    write_slice(package, "posts", entry("Question", "질문"))
    compiled(package)
    target = package / "_build" / "ko" / "LC_MESSAGES" / "messages.mo"
    target.write_bytes(target.read_bytes() + b"\0")
    size = target.stat().st_size
    compiled(package)
    assert target.stat().st_size == size


def test_a_changed_slice_is_compiled_again(package):
    path = write_slice(package, "posts", entry("Question", "질문"))
    compiled(package)
    write_slice(package, "posts", entry("Question", "물음"))
    os.utime(path, (4e9, 4e9))
    assert compiled(package).gettext("Question") == "물음"


def test_the_messages_of_a_removed_slice_are_removed(package):
    write_slice(package, "posts", entry("Question", "질문"))
    gone = write_slice(package, "votes", entry("Vote", "추천"))
    compiled(package)
    gone.unlink()
    os.utime(gone.parent, (4e9, 4e9))
    assert compiled(package).gettext("Vote") == "Vote"


def test_a_fuzzy_translation_is_not_shown(package):
    write_slice(package, "posts", entry("Question", "질문?", "#, fuzzy\n"))
    assert compiled(package).gettext("Question") == "Question"


def test_nothing_is_compiled_in_an_installed_package(tmp_path):
    assert languages(tmp_path) == []
    assert compile_catalogues(tmp_path, tmp_path / "_build") == tmp_path / "_build"
    assert not (tmp_path / "_build").exists()


def test_compiling_runs_as_a_script(tmp_path):
    done = subprocess.run([sys.executable, SOURCES / "build.py"], cwd=tmp_path, check=False)
    assert done.returncode == 0


# Checking


def test_complete_translations_pass(package, capsys):
    (package / "views.py").write_text('_("Question")\nngettext("one answer", "%(num)s answers", n)\n')
    (package / "templates").mkdir()
    (package / "templates" / "list.html").write_text("{{ _('Vote for %(name)s', name=name) }}")
    write_slice(package, "posts", entry("Question", "질문"), plural_entry(*ANSWERS))
    write_slice(package, "votes", entry("Vote for %(name)s", "%(name)s 추천하기"))
    check.main(package, package / "translations")
    assert capsys.readouterr().out == "3 messages are translated.\n"


def test_a_missing_translation_is_printed_ready_to_paste(package, capsys):
    (package / "views.py").write_text('x = 1\n_("Say \\"hello\\"")\nngettext("one answer", "%(num)s answers", n)\n')
    write_slice(package, "posts")
    said = complaints(package, capsys)
    assert '#: views.py:2\nmsgid "Say \\"hello\\""\nmsgstr ""\n' in said
    assert 'msgid "one answer"\nmsgid_plural "%(num)s answers"\nmsgstr[0] ""\n' in said


def test_korean_is_missing_where_it_has_no_file_at_all(package, capsys):
    (package / "views.py").write_text('_("Question")\n')
    assert 'msgid "Question"' in complaints(package, capsys)


def test_an_empty_translation_counts_as_missing(package, capsys):
    (package / "views.py").write_text('_("Question")\n')
    write_slice(package, "posts", entry("Question", ""))
    assert 'msgid "Question"' in complaints(package, capsys)


def test_a_template_counts_wherever_it_lies(package, capsys):
    (package / "templates" / "posts").mkdir(parents=True)
    (package / "templates" / "posts" / "row.html").write_text("<b>{{ _('Question') }}</b>")
    write_slice(package, "posts")
    assert "#: templates/posts/row.html:1" in complaints(package, capsys)


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([entry("Gone", "없음")], "posts.po:6: 'Gone' stands nowhere in the code."),
        (
            [entry("By %(name)s", "%(nick)s 님")],
            "posts.po:6: 'By %(name)s' has other placeholders than its translation.",
        ),
        ([entry("By %(name)s", "작성자")], "posts.po:6: 'By %(name)s' has other placeholders than its translation."),
        ([entry("By %(name)s", "%(name)s 님", "#, fuzzy\n")], "is marked fuzzy; read it and take the mark away."),
    ],
)
def test_a_wrong_translation_is_named_with_its_line(package, capsys, entries, complaint):
    (package / "views.py").write_text('_("By %(name)s")\n')
    write_slice(package, "posts", *entries)
    assert complaint in complaints(package, capsys)


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        (entry("Question", "질문") * 2, 'posts.po:9: msgid "Question" stands twice in this file.'),
        (
            entry("Question", "질문") + entry("Answer", "답변").lstrip(),
            "posts.po:6: several entries stand without an empty line between them.",
        ),
        (
            entry("Question", "질문") + 'msgstr "물음"\n',
            "posts.po:6: several entries stand without an empty line between them.",
        ),
    ],
)
def test_what_a_union_of_two_versions_leaves_is_refused(package, capsys, entries, complaint):
    (package / "views.py").write_text('_("Question")\n_("Answer")\n')
    write_slice(package, "posts", entries)
    assert complaint in complaints(package, capsys)


def test_one_message_with_two_translations_is_refused(package, capsys):
    (package / "views.py").write_text('_("Question")\n')
    write_slice(package, "posts", entry("Question", "질문"))
    write_slice(package, "search", entry("Question", "물음"))
    assert "search.po:6: 'Question' is translated differently in another file." in complaints(package, capsys)


def test_a_text_in_a_context_is_a_text_of_its_own(package, capsys):
    (package / "views.py").write_text('_("Write")\n_("Write", context="tab")\n')
    (package / "templates").mkdir()
    (package / "templates" / "list.html").write_text(
        "{{ ngettext('one answer', '%(num)s answers', n, num=n, context='tab') }}"
    )
    write_slice(package, "posts", entry("Write", "글쓰기"))
    said = complaints(package, capsys)
    assert '#: views.py:2\nmsgctxt "tab"\nmsgid "Write"\nmsgstr ""\n' in said
    assert 'msgctxt "tab"\nmsgid "one answer"\nmsgid_plural "%(num)s answers"\nmsgstr[0] ""\n' in said
    write_slice(package, "layout", in_context("tab", entry("Write", "작성")), in_context("tab", plural_entry(*ANSWERS)))
    check.main(package, package / "translations")
    assert capsys.readouterr().out == "3 messages are translated.\n"


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ([entry("By %(name)s", "%(name)s 님")], "posts.po:6: 'By %(name)s' stands nowhere in the code."),
        (
            [in_context("list", entry("By %(name)s", "%(name)s 님"))],
            "posts.po:7: 'By %(name)s' in the context 'list' stands nowhere in the code.",
        ),
        (
            [in_context("row", entry("By %(name)s", "작성자"))],
            "'By %(name)s' in the context 'row' has other placeholders than its translation.",
        ),
        ([in_context("row", entry("By %(name)s", ""))], 'msgctxt "row"\nmsgid "By %(name)s"'),
    ],
)
def test_a_wrong_translation_is_named_with_its_context(package, capsys, entries, complaint):
    (package / "views.py").write_text('_("By %(name)s", context="row", name=name)\n')
    write_slice(package, "posts", *entries)
    assert complaint in complaints(package, capsys)


def test_a_fuzzy_translation_in_a_context_is_named_with_it(package, capsys):
    (package / "views.py").write_text('_("Write", context="tab")\n')
    write_slice(package, "posts", f"\n#, fuzzy{in_context('tab', entry('Write', '작성'))}")
    assert "'Write' in the context 'tab' is marked fuzzy" in complaints(package, capsys)


def test_two_translations_are_refused_in_one_context_only(package, capsys):
    (package / "views.py").write_text('_("Write")\n_("Write", context="tab")\n_("Write", context="menu")\n')
    write_slice(package, "posts", entry("Write", "글쓰기"), in_context("menu", entry("Write", "쓰기")))
    write_slice(package, "search", in_context("tab", entry("Write", "작성")))
    check.main(package, package / "translations")
    write_slice(package, "tags", in_context("tab", entry("Write", "쓰기")))
    said = complaints(package, capsys)
    assert "tags.po:7: 'Write' in the context 'tab' is translated differently in another file." in said


@pytest.mark.parametrize(
    "code",
    [
        '_("Write", context=place)',
        '_("Write", context=f"{place}")',
        '_("Write", context="")',
        '_("Write", context=None)',
        'i18n.ngettext("one answer", "%(num)s answers", n, context="a" if n else "b")',
    ],
)
def test_a_context_is_a_string_literal(package, code):
    (package / "views.py").write_text(f"\n{code}\n")
    with pytest.raises(SystemExit) as refused:
        check.main(package, package / "translations")
    assert str(refused.value) == "views.py:2: The context of a text must be a string literal, and not empty."


@pytest.mark.parametrize("code", ["_('Write', context=place)", "_('Write', context='a' ~ place)"])
def test_a_context_in_a_template_is_a_string_literal(package, code):
    (package / "templates").mkdir()
    (package / "templates" / "list.html").write_text(f"\n{{{{ {code} }}}}")
    with pytest.raises(SystemExit) as refused:
        check.main(package, package / "translations")
    assert str(refused.value).startswith("templates/list.html:2: The context of a text must be a string literal")


def test_a_template_that_does_not_parse_is_refused(package):
    (package / "templates").mkdir()
    (package / "templates" / "broken.html").write_text("\n{% if %}")
    with pytest.raises(SystemExit) as refused:
        check.main(package, package / "translations")
    assert ":2: Expected an expression" in str(refused.value)
