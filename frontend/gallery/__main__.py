"""Serves the gallery for looking at: http://127.0.0.1:5199/ko/light/question."""

import argparse

from frontend.build import build
from frontend.gallery.server import GalleryServer


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve every component with believable content.")
    parser.add_argument("--port", type=int, default=5199)
    build()
    server = GalleryServer(parser.parse_args().port)
    print(f"{server.url}/ko/light/question")  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main()
