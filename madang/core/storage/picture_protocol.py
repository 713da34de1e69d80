"""What a web process and its picture process say to each other over two pipes, and the limits of pictures.

A message is a line of JSON, which ends with the lengths of the contents that follow it. Not pickle: a decoder that a
picture has taken over must not be able to run code in the web process.
"""

import json
from typing import IO, Literal, NamedTuple, TypedDict

MAX_PICTURE_PIXELS = 50_000_000  # of a picture as it is sent, or of all frames of an animation
MAX_SOURCE_SIDE = 30_000
MAX_FRAMES = 1_000
MAX_SIDE, AVATAR_SIDE, THUMBNAIL_SIDE = 2560, 256, 480  # pixels, of what is stored
READABLE_WIDTH = 1280  # a tall picture becomes no narrower to fit into MAX_SIDE
MAX_STORED_PIXELS = 16_000_000

Purpose = Literal["post", "avatar"]
Refusal = Literal["unreadable", "pixels", "sides", "frames", "frame pixels", "resources"]


class Fields(TypedDict, total=False):
    is_ready: bool
    purpose: Purpose  # of a request
    pictures: list[tuple[str, int, int]]  # of a response: extension, width, height
    refused: Refusal
    size: tuple[int, int]  # of the refused picture
    lengths: list[int]  # of the contents


class Message(NamedTuple):
    fields: Fields
    contents: tuple[bytes, ...] = ()


class EncodedPicture(NamedTuple):
    extension: str
    width: int
    height: int
    content: bytes


class PictureRefused(Exception):
    """A picture that cannot be stored, with the size in pixels by which it passed a limit."""

    def __init__(self, reason: Refusal, width: int = 0, height: int = 0) -> None:
        super().__init__(reason, width, height)
        self.reason, self.width, self.height = reason, width, height


def write_message(stream: IO[bytes], message: Message) -> None:
    lengths = [len(content) for content in message.contents]
    stream.write(json.dumps({**message.fields, "lengths": lengths}).encode() + b"\n")
    for content in message.contents:
        stream.write(content)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message:
    """Read the next message. Raises `EOFError` if the other process has ended."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    fields: Fields = json.loads(line)
    contents = tuple(stream.read(length) for length in fields["lengths"])
    if [len(content) for content in contents] != fields["lengths"]:
        raise EOFError
    return Message(fields, contents)
