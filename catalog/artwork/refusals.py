"""Why a picture is refused: each says what is wrong and what to do about it."""


class ArtworkRefused(Exception):
    """A file that cannot become artwork. `str()` of it is meant for the person who sent it."""


class Empty(ArtworkRefused):
    """The file holds nothing."""


class TooLarge(ArtworkRefused):
    """More bytes or more pixels than this copy takes."""


class NotAPicture(ArtworkRefused):
    """Text, a document, an archive: anything that is no picture at all."""


class WrongFormat(ArtworkRefused):
    """A picture, but not in a format that is taken."""


class Mislabelled(ArtworkRefused):
    """The name or the content type says one format, the content is another."""


class Damaged(ArtworkRefused):
    """Begins like a picture and cannot be read to its end."""


class Animated(ArtworkRefused):
    """More than one frame."""


class WrongColours(ArtworkRefused):
    """Colours that cannot be shown faithfully on a screen."""


class Transparent(ArtworkRefused):
    """Parts of the picture show what is behind it."""


class WrongShape(ArtworkRefused):
    """Too small, too tall or too wide to fill a tile."""
