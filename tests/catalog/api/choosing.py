from dataclasses import replace

from catalog.choosing import DefaultChooser


class Tokens(DefaultChooser):
    """The editor's default, with a token that says where it was chosen."""

    def choose(self, viewer, titles, *, surface, now):
        chosen = super().choose(viewer, titles, surface=surface, now=now)
        return {
            number: replace(choice, token=f"{surface}-{choice.artwork_id}")
            for number, choice in chosen.items()
        }
