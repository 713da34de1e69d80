"""`python -m bin.lib.openapi`: check that docs/openapi.json is the present OpenAPI document, or update it by `--write`.

So each change of the API is visible in a commit.
"""

import argparse
import difflib
import json
import sys
import tempfile
from pathlib import Path

from madang import create_app
from madang.core.rest.openapi import api_document

COPY = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


def generate_document() -> str:
    """The OpenAPI document that the code generates, as text."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"CONFIG": "testing"}, instance_path=folder)
        with app.app_context():
            return json.dumps(api_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bin.lib.openapi", description="Check docs/openapi.json.")
    parser.add_argument("--write", action="store_true", help="update docs/openapi.json")
    generated = generate_document()
    if parser.parse_args().write:
        COPY.write_text(generated, encoding="utf-8")
        return
    committed = COPY.read_text(encoding="utf-8") if COPY.exists() else ""
    if generated != committed:
        lines = difflib.unified_diff(
            committed.splitlines(), generated.splitlines(), "docs/openapi.json", "the code", lineterm=""
        )
        print("\n".join(list(lines)[:60]))
        sys.exit("The API has changed: check the difference, then run `python -m bin.lib.openapi --write`.")
    print("docs/openapi.json is up to date.")


if __name__ == "__main__":
    main()
