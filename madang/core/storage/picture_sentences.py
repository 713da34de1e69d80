"""What people read about a refused picture: the limit that it passed."""

from madang.core.i18n import _

from .picture_protocol import MAX_FRAMES, MAX_PICTURE_PIXELS, MAX_SOURCE_SIDE, PictureRefused

MILLION = 1_000_000


def refusal(error: PictureRefused) -> str:
    """The sentence about a refused picture."""
    most, size = MAX_PICTURE_PIXELS // MILLION, f"{error.width} × {error.height}"
    match error.reason:
        case "pixels" if error.width:
            return _(
                "This picture has %(size)s pixels; the limit is %(most)s million. Please send a smaller one.",
                size=size,
                most=most,
            )
        case "pixels":
            return _("A picture may have up to %(most)s million pixels. Please send a smaller one.", most=most)
        case "sides":
            return _(
                "This picture has %(size)s pixels; the limit for each side is %(most)s. Please send a smaller one.",
                size=size,
                most=MAX_SOURCE_SIDE,
            )
        case "frames":
            message = _(
                "An animated picture may have up to %(most)s frames. Please send a shorter one.", most=MAX_FRAMES
            )
        case "frame pixels":
            message = _("The frames of an animated picture may have up to %(most)s million pixels together.", most=most)
        case "resources":
            message = _("This picture takes too much time or memory to read. Please send a smaller or simpler one.")
        case _:
            message = _("This is not a picture we can read. Please send JPEG, PNG, WebP, GIF, AVIF or HEIC.")
    return message
