"""What things of the city's lists are called, in the reader's language; a code that is gone stays."""

from thudo.directory.queries.snapshot import directory, say


def unit_name(code: str) -> str:
    """A unit's name, also of one that has ended; the code itself of one that nobody knows."""
    unit = directory().units.get(code)
    return say(unit.name) if unit else code


def post_title(code: str) -> str:
    """A post's title; "" where no post is named."""
    post = directory().posts.get(code)
    return say(post.title) if post else ""


def area_name(code: str) -> str:
    """The full name of an area; "" where the place is not known."""
    area = directory().areas.get(code)
    return say(area.full_name) if area else ""
