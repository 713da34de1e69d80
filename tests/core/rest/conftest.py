import pytest
from flask import Flask

from .asking import bare_app


@pytest.fixture
def bare(english: None) -> Flask:
    """An application without a database, pages or users, in English."""
    return bare_app()
