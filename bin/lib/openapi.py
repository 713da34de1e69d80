"""`python -m bin.lib.openapi`: whether the committed copy of the API's document is the present one; or --write it.

A change of the API is then a change that somebody reads in the commit.
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


def present() -> str:
    """The document that the code makes."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"CONFIG": "testing"}, instance_path=folder)
        with app.app_context():
            return json.dumps(api_document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bin.lib.openapi", description="Check docs/openapi.json.")
    parser.add_argument("--write", action="store_true", help="put the present document there")
    made = present()
    if parser.parse_args().write:
        COPY.write_text(made, encoding="utf-8")
        return
    kept = COPY.read_text(encoding="utf-8") if COPY.exists() else ""
    if made != kept:
        lines = difflib.unified_diff(kept.splitlines(), made.splitlines(), "docs/openapi.json", "the code", lineterm="")
        print("\n".join(list(lines)[:60]))
        sys.exit("The API has changed: look at it, then run `python -m bin.lib.openapi --write`.")
    print("docs/openapi.json is what the code makes.")


if __name__ == "__main__":
    main()
