"""Turn the colours of any accepted picture into sRGB, 8 bits a channel, nothing transparent.

A colour profile says what the numbers in a file mean. One that fits the
picture is applied. One that cannot be read is ignored for screen colours, as
browsers do, and so is a missing one: such numbers are sRGB by convention. A
profile for another kind of colours than the picture has is refused, because
nobody can know then which of the two is wrong.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageChops, ImageCms

from catalog.artwork import refusals

SCREEN_MODES = {"L", "LA", "P", "PA", "RGB", "RGBA", "I;16"}
MODE_NAMES = {"1": "black and white without greys", "CMYK": "print colours"}
SRGB = ImageCms.createProfile("sRGB")
# The signatures of colour spaces in a profile's header (ICC.1:2010, table 19).
GREY, COLOUR, PRINT = "GRAY", "RGB", "CMYK"
NO_FLAGS = ImageCms.Flags.NONE
# What LittleCMS and Pillow raise for a profile that is cut off, empty or of another kind.
UNUSABLE = (ImageCms.PyCMSError, OSError, ValueError)


def check_mode(mode: str, profile: bytes) -> None:
    """Raise `WrongColours` for colours that cannot be shown faithfully, before decoding them."""
    if mode == "CMYK" and not profile:
        raise refusals.WrongColours(
            "The picture has print colours (CMYK) and no colour profile. Export it as sRGB."
        )
    if mode not in {*SCREEN_MODES, "CMYK"}:
        raise refusals.WrongColours(
            f"The picture's kind of colours ({MODE_NAMES.get(mode, mode)}) is not accepted. "
            "Export it as sRGB, 8 bits a channel."
        )


def opaque(image: Image.Image) -> Image.Image:
    """Drop an alpha channel that hides nothing. Raise `Transparent` for one that does."""
    if image.mode == "I;16":
        clear = image.info.get("transparency")
        hidden = clear is not None and bool((np.asarray(image) == clear).any())
        plain = image
    elif image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        hidden = layered.getchannel("A").point(lambda level: level < 255).getbbox() is not None
        # Grey stays grey: its profile, if it has one, is for one channel.
        plain = image.getchannel("L") if image.mode in {"L", "LA"} else layered.convert("RGB")
    else:
        return image
    if hidden:
        raise refusals.Transparent(
            "Parts of the picture are transparent. Fill its background and send it again."
        )
    return plain


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an opaque picture as RGB in sRGB.

    Raises `WrongColours` where the profile contradicts the picture, and where
    print colours have none that can be used.
    """
    source = _read(profile)
    space = source.profile.xcolor_space.strip() if source else ""
    if image.mode == "CMYK":
        return _from_print(image, source if space == PRINT else None)
    grey = image.mode in {"L", "I;16"}
    plain = image if grey else image.convert("RGB")
    if space in {"", COLOUR} and not grey:
        return _converted(plain, source)
    if space == GREY and not grey and _is_grey(plain):
        return _from_grey(plain.getchannel(0), source)
    if space in {"", GREY, COLOUR} and grey:
        return _from_grey(plain, source, in_colour=space == COLOUR)
    raise refusals.WrongColours(
        f"The picture's colour profile is for {space} colours, but the picture is "
        f"{'grey' if grey else 'RGB'}. Export it as sRGB."
    )


def _read(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    if not profile:
        return None
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except UNUSABLE:
        return None


def _converted(
    image: Image.Image, source: ImageCms.ImageCmsProfile | None, flags: ImageCms.Flags = NO_FLAGS
) -> Image.Image:
    """Apply a profile of the picture's own kind. One that turns out to be empty is ignored."""
    if source is None:
        return image.convert("RGB")
    try:
        return _transformed(image, source, flags)
    except UNUSABLE:
        return image.convert("RGB")


def _transformed(
    image: Image.Image, source: ImageCms.ImageCmsProfile, flags: ImageCms.Flags = NO_FLAGS
) -> Image.Image:
    converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB", flags=flags)
    assert converted is not None
    return converted


def _from_print(image: Image.Image, source: ImageCms.ImageCmsProfile | None) -> Image.Image:
    """Convert print colours. Without a profile that fits, no rule says what they look like."""
    unusable = refusals.WrongColours(
        "The picture has print colours (CMYK), and its colour profile cannot be used. "
        "Export it as sRGB."
    )
    if source is None:
        raise unusable
    try:
        return _transformed(image, source)
    except UNUSABLE as error:
        raise unusable from error


def _from_grey(
    image: Image.Image, source: ImageCms.ImageCmsProfile | None, *, in_colour: bool = False
) -> Image.Image:
    """Convert 8 or 16 bits of grey, whose profile is for grey or `in_colour`.

    Only the 256 levels that 8 bits can hold are converted, exactly: for a whole
    picture LittleCMS would take a table of 33 nodes, 10 levels off in the dark
    of a linear profile. The levels of 16 bits are interpolated between them.
    """
    ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
    exact = _converted(
        ramp.convert("RGB") if in_colour else ramp, source, ImageCms.Flags.NOOPTIMIZE
    )
    levels = np.asarray(exact, np.float64)[0]
    if image.mode == "I;16":
        positions, nodes = np.arange(65_536) / 257, np.arange(256)
        levels = np.stack([np.interp(positions, nodes, channel) for channel in levels.T], axis=1)
    return Image.fromarray(np.rint(levels).astype(np.uint8)[np.asarray(image)])


def _is_grey(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return not (
        ImageChops.difference(red, green).getbbox() or ImageChops.difference(red, blue).getbbox()
    )
