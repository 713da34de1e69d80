"""A picture process whose pictures are the names of what its decoder does, for tests of limits."""

import os
import time

from madang.core.storage import picture_process
from madang.core.storage.picture_protocol import EncodedPicture


def decode(content: bytes) -> tuple[EncodedPicture, ...]:
    match content:
        case b"wait":
            time.sleep(3600)
        case b"compute":
            while True:
                pass
        case b"allocate":
            bytearray(2 * picture_process.MAX_MEMORY_BYTES)
        case b"crash":
            os.abort()
        case b"fail":
            raise KeyError("a defect of the decoder")
        case b"print":
            print("a library says something", flush=True)
            os.write(1, b"and so does its C code\n")
    return (EncodedPicture("webp", 1, 2, content),)


if __name__ == "__main__":
    picture_process.MAX_CPU_SECONDS = 1
    picture_process.ENCODERS = {"post": decode, "avatar": decode}
    picture_process.main()
