"""Instagram and Facebook as JSON, alone or all in a zip: who follows whom, friends,
messages. Both write UTF-8 as if each byte were a letter (Latin-1), which is mended.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from contacts.importing.archives import json_parts, listed, mapped, text_in
from contacts.importing.gathering import Gathering, day_of, moment, one_line
from contacts.importing.lines import clean
from contacts.importing.records import NOBODY, Myself, Record, Unread
from contacts.models.methods import Service
from networkcrm.text import fold

_TALKS = r"messages/(?:inbox|archived_threads|message_requests|e2ee_cutover)/.+\.json"
INSTAGRAM_FILES = re.compile(
    rf"(?:^|/)(?:followers_\d+|followers|following|personal_information)\.json$|{_TALKS}$",
    re.IGNORECASE,
)
FACEBOOK_FILES = re.compile(
    rf"(?:^|/)(?:(?:your_)?friends|profile_information)\.json$|{_TALKS}$",
    re.IGNORECASE,
)
INSTAGRAM_MARKS = re.compile(
    r"your_instagram_activity/|(?:^|/)(?:followers_\d+|following)\.json$", re.IGNORECASE
)
FACEBOOK_MARKS = re.compile(
    r"your_facebook_activity/|(?:^|/)(?:your_)?friends\.json$|messages/inbox/.+\.json$",
    re.IGNORECASE,
)
# Accounts that are no more.
GONE = {"instagram user", "instagramuser", "facebook user", "facebookuser", "user"}
_HANDLE = re.compile(r"[\w.]{1,60}", re.ASCII)
Thread = dict[str, Any]


def is_instagram(start: str) -> bool:
    return start.lstrip("\ufeff \n\t")[:1] in ("{", "[") and (
        '"string_list_data"' in start or '"relationships_follow' in start
    )


def is_facebook(start: str) -> bool:
    is_json = start.lstrip("\ufeff \n\t")[:1] == "{"
    friends = re.search(r'"friends(_v2)?"\s*:\s*\[', start)
    talk = '"participants"' in start and '"messages"' in start
    return is_json and bool(friends or (talk and '"timestamp' in start))


def mended(text: str) -> str:
    """ "GÃ³mez" → "Gómez"; what was right stays."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def read_instagram(
    file: IO[bytes], myself: Myself = NOBODY
) -> Iterator[Record | Unread]:
    """Whom I follow, who follows me, with whom I wrote. Never raises for what is in
    the file."""
    crowd = Gathering("Instagram", Service.INSTAGRAM, myself.tz)
    yield from _read(file, crowd, myself, INSTAGRAM_FILES)


def read_facebook(
    file: IO[bytes], myself: Myself = NOBODY
) -> Iterator[Record | Unread]:
    """My friends and with whom I wrote. Never raises for what is in the file."""
    crowd = Gathering("Facebook", Service.FACEBOOK, myself.tz)
    yield from _read(file, crowd, myself, FACEBOOK_FILES)


def _read(
    file: IO[bytes], crowd: Gathering, myself: Myself, files: re.Pattern[str]
) -> Iterator[Record | Unread]:
    threads: list[Thread] = []
    names = set(myself.names)
    for name, value in json_parts(file, files, crowd.refuse):
        if not _take(crowd, threads, names, name, value):
            crowd.refuse(name, "Nothing in this file is of a kind we know.", True)
    _messages(crowd, threads, names)
    yield from crowd.records()


def _take(
    crowd: Gathering, threads: list[Thread], names: set[str], name: str, value: Any
) -> bool:
    """Take in what one file holds; False when it is of no kind we know."""
    found = mapped(value)
    if "profile_user" in found or "profile_v2" in found:
        names |= _my_names(found)
        return True
    if "participants" in found and "messages" in found:
        threads.append(found)
        return True
    for key in ("friends_v2", "friends"):
        if key in found:
            _friends(crowd, listed(found[key]))
            return True
    if "relationships_following" in found:
        _follows(crowd, listed(found["relationships_following"]), "You follow them")
        return True
    followers = found.get("relationships_followers", value)
    if isinstance(followers, list):
        is_mine = name.rpartition("/")[2].startswith("following")
        said = "You follow them" if is_mine else "They follow you"
        _follows(crowd, followers, said)
        return True
    return False


def _my_names(found: dict[str, Any]) -> set[str]:
    names = {text_in(found, "profile_v2", "name", "full_name")}
    for profile in listed(found.get("profile_user")):
        names.add(text_in(profile, "string_map_data", "Name", "value"))
    return {fold(one_line(mended(name))) for name in names if name}


def _friends(crowd: Gathering, friends: list[Any]) -> None:
    for friend in friends:
        name = one_line(mended(text_in(friend, "name")))
        if not fold(name) or fold(name) in GONE:
            crowd.refuse(name, "A friend without a name.")
            continue
        if fold(name) in crowd.people:
            crowd.refuse(
                name, "A second friend of this name; nothing tells them apart."
            )
            continue
        record = crowd.person(fold(name), name)
        record.noticed = True
        record.story = f"Friends on {crowd.platform}."
        since = moment(mapped(friend).get("timestamp"))
        record.connected_on = day_of(since, crowd.tz)


def _follows(crowd: Gathering, entries: list[Any], said: str) -> None:
    for entry in map(mapped, entries):
        details = [mapped(each) for each in listed(entry.get("string_list_data"))]
        first = details[0] if details else {}
        # The newest archives have the handle as the title, older ones as the value.
        handle = text_in(first, "value") or text_in(entry, "title")
        handle = one_line(handle).lstrip("@")
        if not _HANDLE.fullmatch(handle):
            crowd.refuse(handle or "?", "This is no account of Instagram.", True)
            continue
        record = crowd.person(f"@{handle.casefold()}", "", handle)
        record.stand_ins = (handle, f"@{handle}")
        record.noticed = True
        both = record.story and not record.story.startswith(said)
        who = "You follow each other" if both else said
        record.story = f"{who} on {crowd.platform}."
        on = day_of(moment(first.get("timestamp")), crowd.tz)
        known = record.connected_on
        if on and (known is None or str(on) < str(known)):
            record.connected_on = on


def _messages(crowd: Gathering, threads: list[Thread], names: set[str]) -> None:
    people = [_participants(thread) for thread in threads]
    me = _me(people, names)
    for thread, those in zip(threads, people, strict=True):
        mine = me if me in those else (those[-1] if those else "")
        others = [name for name in dict.fromkeys(those) if fold(name) != fold(mine)]
        others = [name for name in others if fold(name) not in GONE]
        if not others:
            title = one_line(mended(text_in(thread, "title")))
            crowd.refuse(title or "A conversation", "Nobody with a name is in it.")
            continue
        for name in others:
            crowd.person(fold(name), name)
        _say(crowd, thread, mine, [fold(name) for name in others])


def _participants(thread: Thread) -> list[str]:
    names = (
        # Archives of 2018 have the name alone, and the time in seconds.
        one_line(mended(each if isinstance(each, str) else text_in(each, "name")))
        for each in listed(thread.get("participants"))
    )
    return [name for name in names if fold(name)]


def _me(people: list[list[str]], names: set[str]) -> str:
    """Of all who take part: my own name, or the one that is in most conversations."""
    counts = Counter(name for those in people for name in dict.fromkeys(those))
    for name in counts:
        if fold(name) in names:
            return name
    # In a conversation, the owner stands last.
    last = Counter(those[-1] for those in people if those)
    best = max(counts, key=lambda name: (counts[name], last[name]), default="")
    return best


def _say(crowd: Gathering, thread: Thread, me: str, others: list[str]) -> None:
    path = text_in(thread, "thread_path") or " ".join(sorted(others))
    talk = path.rstrip("/").rpartition("/")[2]
    title = one_line(mended(text_in(thread, "title"))) if len(others) > 1 else ""
    for message in map(mapped, listed(thread.get("messages"))):
        at = moment(message.get("timestamp_ms") or message.get("timestamp"))
        by = fold(one_line(mended(text_in(message, "sender_name"))))
        by = "" if by == fold(me) else by
        if at is None or (by and by not in crowd.people):
            continue
        text = clean(mended(text_in(message, "content")))
        crowd.say("message", talk, at, by, text, others, title=title)
