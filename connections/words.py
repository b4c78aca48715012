"""How a relation came to be, in a few words: "met on Mastodon"."""

from connections.models.platforms import Platform


def how_words(how: str, platform: str, place: str, in_person: bool) -> str:
    """As it stands on a link of the chain, when there is no event to name."""
    verb = "introduced" if how == "introduction" else "met"
    where = _on(platform) if platform else f"at {place}" if place else ""
    if how == "work":
        return f"met through work {where}".strip()
    if how == "school":
        return "went to school together"
    if how == "family":
        return "family"
    if how == "neighbourhood":
        return "neighbours"
    if where:
        return f"{verb} {where}"
    if how == "introduction":
        return "introduced you"
    if how == "event":
        return "met at an event"
    return "met in person" if in_person else "met online"


def _on(platform: str) -> str:
    if platform == Platform.EMAIL:
        return "by e-mail"
    if platform == Platform.OTHER:
        return "online"
    return f"on {Platform(platform).label}"
