"""The example pages: there in development, not in production, and without data of their own."""

import re

import pytest

PAGES = ("/examples/", "/examples/account", "/examples/boards", "/examples/people")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("environment", ["development", "testing", "production"])
def test_the_pages_exist_in_development_alone(app, visitor, monkeypatch, path, environment):
    monkeypatch.setitem(app.config, "ENVIRONMENT", environment)
    assert visitor.get(path).status_code == (404 if environment == "production" else 200)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_its_script_and_says_the_risk_of_keeping_a_token(ann, visitor, path):
    for person in (ann, visitor):
        page = person.page(path)
        assert re.search(r"/static/dist/examples-\w+\.js", page)
        assert "Any script that gets into this site" in page and "This page needs JavaScript." in page
        assert "ann@example.org" not in page
