"""The reasons to refuse a picture. Each says what is wrong and what to do about it."""


class ArtworkRefused(Exception):
    """A file that cannot become artwork. `str()` of it is shown to the person who sent it."""


class Empty(ArtworkRefused):
    """The file has no bytes."""


class TooLarge(ArtworkRefused):
    """More bytes or more pixels than the settings allow."""


class NotAPicture(ArtworkRefused):
    """Text, a document, an archive: anything but a picture."""


class WrongFormat(ArtworkRefused):
    """A picture in a format that is not accepted."""


class Mislabelled(ArtworkRefused):
    """The name or the content type says one format, the content is another."""


class Damaged(ArtworkRefused):
    """The file begins like a picture but cannot be read to its end."""


class Animated(ArtworkRefused):
    """More than one frame."""


class WrongColours(ArtworkRefused):
    """Colours that cannot be shown faithfully on a screen."""


class Transparent(ArtworkRefused):
    """Parts of the picture are transparent."""


class WrongShape(ArtworkRefused):
    """Too small, too tall or too wide to fill a tile."""
