"""The process that decodes pictures, started by `picture_client`: reads requests from stdin, writes to stdout.

It ends as soon as its stdin does, so it never outlives the web process, however that ends.
"""

import os
import signal
import sys
import threading
from queue import SimpleQueue
from typing import IO

from .picture_encoding import encode_avatar, encode_for_post
from .picture_protocol import Message, PictureRefused, Purpose, read_message, write_message

if sys.platform != "win32":
    import resource

MAX_MEMORY_BYTES = 1280 * 1024 * 1024  # of address space; a transparent WebP of 50 million pixels takes 1,150 MB
MAX_CPU_SECONDS = 10  # for one picture; the slowest took half of it, and others wait meanwhile
NICENESS = 10  # pages come first
ENCODERS = {"post": encode_for_post, "avatar": encode_avatar}


def main() -> None:
    """Process one picture after the other until stdin ends."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)  # a terminal's Ctrl-C reaches it too: the web process may still need it
    _limit_resources()
    stdout = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may get into the messages
    requests: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests), daemon=True).start()
    write_message(stdout, Message({"is_ready": True}))
    while True:
        request = requests.get()
        _limit_cpu_time()
        write_message(stdout, _response(request.fields["purpose"], request.contents[0]))


def _read(stdin: IO[bytes], requests: "SimpleQueue[Message]") -> None:
    """Read requests; end the process, also in the middle of a picture, when there will be no more."""
    try:
        while True:
            requests.put(read_message(stdin))
    except EOFError:
        os._exit(0)


def _response(purpose: Purpose, content: bytes) -> Message:
    try:
        pictures = ENCODERS[purpose](content)
    except PictureRefused as error:
        return Message({"refused": error.reason, "size": (error.width, error.height)})
    except MemoryError:
        return Message({"refused": "resources", "size": (0, 0)})
    fields = [(picture.extension, picture.width, picture.height) for picture in pictures]
    return Message({"pictures": fields}, tuple(picture.content for picture in pictures))


def _limit_resources() -> None:
    if sys.platform != "win32":
        os.nice(NICENESS)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":  # macOS refuses such a limit
            resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def _limit_cpu_time() -> None:
    """Let the kernel end the process when the next picture has taken too much processor time."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft, hard = int(used.ru_utime + used.ru_stime) + MAX_CPU_SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


if __name__ == "__main__":
    main()
