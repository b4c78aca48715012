"""The names that calendars give to time zones, as the names of places."""

import re
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from events.calendars.blocks import Block

_ZONES = {name.casefold(): name for name in available_timezones()}
_WINDOWS = {name.casefold(): name for name in WINDOWS_TO_OLSON}
# "GMT+0200", "(UTC+01:00) Amsterdam, Berlin": how far from Greenwich.
_OFFSET = re.compile(r"\(?\s*(?:UTC|GMT)\s*([+-])(\d{1,2}):?(\d\d)?\s*\)?", re.I)


class Zones:
    """What the TZIDs of one file mean. `unknown` are those nobody could tell."""

    def __init__(self, found: list[Block], default: ZoneInfo) -> None:
        self.default = default
        self.unknown: set[str] = set()
        self.by_id: dict[str, ZoneInfo | None] = {}
        for block in found:
            if name := block.text("TZID"):
                said = block.text("X-LIC-LOCATION")
                self.by_id[name] = _zone(said) or _zone(name)

    def of(self, name: str) -> ZoneInfo:
        """The zone of this TZID; where it has no name, the owner's."""
        name = name.strip('" ')
        if name not in self.by_id:
            self.by_id[name] = _zone(name)
        zone = self.by_id[name]
        if zone is None:
            self.unknown.add(name)
        return zone or self.default


def _zone(name: str) -> ZoneInfo | None:
    """Europe/Berlin, /mozilla.org/20071231_1/Europe/Berlin, W. Europe Standard Time."""
    name = name.strip('" /')
    if not name:
        return None
    folded = name.casefold().replace(" ", "_")
    parts = folded.split("/")
    for start in range(len(parts)):
        if found := _ZONES.get("/".join(parts[start:])):
            return ZoneInfo(found)
    if windows := _WINDOWS.get(name.casefold()):
        return ZoneInfo(WINDOWS_TO_OLSON[windows])
    if match := _OFFSET.match(name):
        hours = int(match[2])
        if not int(match[3] or 0) and hours <= 12:
            # Etc/GMT-2 is two hours east of Greenwich: POSIX counts the other way.
            sign = "-" if match[1] == "+" else "+"
            return ZoneInfo(f"Etc/GMT{sign}{hours}" if hours else "UTC")
    return None
