"""The archive of X (Twitter): data/*.js, alone or all in its zip.

Lists of followers hold numbers and no names. Names and handles come from the people
mentioned in tweets; who is followed and named nowhere is left out and told so. With
whom messages were exchanged becomes a contact all the same, under their number.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from contacts.importing.archives import json_parts, listed, mapped, text_in
from contacts.importing.gathering import Gathering, read_moment
from contacts.importing.lines import clean
from contacts.importing.records import NOBODY, Method, Myself, Record, Unread
from contacts.models.methods import Service

FILES = re.compile(
    r"(?:^|/)(?:account|following|follower|tweets?|direct-messages?(?:-group)?)"
    r"(?:-part\d+)?\.js$",
    re.IGNORECASE,
)
# What tells that a zip is one of X, and a file one of its zip.
MARKS = re.compile(
    r"(?:^|/)data/(?:following|follower|tweets?|direct-messages?)\.js$", re.IGNORECASE
)
_START = re.compile(
    r"\ufeff?\s*window\.YTD\.(?:account|follow\w+|tweets?|direct_messages?\w*)\.part"
)
PROFILE = "https://twitter.com/intent/user?user_id={}"
POST = "https://x.com/i/web/status/{}"
_NUMBER = re.compile(r"\d{1,20}")
_HANDLE = re.compile(r"\w{1,50}", re.ASCII)
# Of tweets; messages have ISO 8601.
_TIME = "%a %b %d %H:%M:%S %z %Y"
NAMELESS = (
    "X's archive holds the number of this account and no name, and you mention them"
    " nowhere: {}"
)


def is_x(start: str) -> bool:
    return bool(_START.match(start))


@dataclass(slots=True)
class Archive:
    """All the files together: one tells the names for what another has by number."""

    me: str = ""
    my_handle: str = ""
    following: list[str] = field(default_factory=list)
    followers: list[str] = field(default_factory=list)
    tweets: list[dict[str, Any]] = field(default_factory=list)
    talks: list[dict[str, Any]] = field(default_factory=list)
    # By number: handle and name.
    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def take(self, value: Any) -> bool:
        """Sort the entries of a file; False when there is none of any kind we know."""
        found = False
        for entry in map(mapped, listed(value)):
            if account := mapped(entry.get("account")):
                self.me = text_in(account, "accountId")
                self.my_handle = text_in(account, "username").casefold()
            elif "following" in entry:
                self.following.append(text_in(entry, "following", "accountId"))
            elif "follower" in entry:
                self.followers.append(text_in(entry, "follower", "accountId"))
            elif talk := mapped(entry.get("dmConversation")):
                self.talks.append(talk)
            elif tweet := mapped(entry.get("tweet", entry)):
                if "full_text" not in tweet and "text" not in tweet:
                    continue
                self.tweets.append(tweet)
                self._learn(tweet)
            found = True
        return found

    def _learn(self, tweet: dict[str, Any]) -> None:
        for mention in listed(mapped(tweet.get("entities")).get("user_mentions")):
            number, handle = text_in(mention, "id_str"), text_in(mention, "screen_name")
            if _NUMBER.fullmatch(number) and _HANDLE.fullmatch(handle):
                # The latest tweets stand first: that is how they call themselves now.
                self.known.setdefault(number, (handle, text_in(mention, "name")))


def read(file: IO[bytes], myself: Myself = NOBODY) -> Iterator[Record | Unread]:
    """Whom I mentioned, wrote with and follow, and who follows me. Never raises for
    what is in the file."""
    crowd = Gathering("X", Service.X, myself.tz)
    archive = Archive()
    for name, value in json_parts(file, FILES, crowd.refuse):
        if not archive.take(value) and value != []:
            crowd.refuse(name, "Nothing in this file is of a kind we know.", True)
    _mentions(archive, crowd)
    _messages(archive, crowd)
    _follows(archive, crowd)
    yield from crowd.records()


def _person(archive: Archive, crowd: Gathering, number: str) -> Record:
    """By handle where it is known, else by number."""
    handle, name = archive.known.get(number, ("", ""))
    record = crowd.person(number, name, handle)
    if not record.stand_ins:
        record.uid = f"x:{number}"
        record.stand_ins = (f"X user {number}",)
        record.methods.append(Method("url", PROFILE.format(number)))
    elif not record.keys:
        # As they were called when nobody knew.
        record.stand_ins = (*record.stand_ins, f"X user {number}")
        record.keys = [("uid", f"x:{number}")]
    return record


def _mentions(archive: Archive, crowd: Gathering) -> None:
    for tweet in archive.tweets:
        text = text_in(tweet, "full_text") or text_in(tweet, "text")
        at = read_moment(text_in(tweet, "created_at"), _TIME)
        if at is None or text.startswith("RT @"):
            continue
        mentions = listed(mapped(tweet.get("entities")).get("user_mentions"))
        numbers = {text_in(mention, "id_str") for mention in mentions}
        named = sorted(
            number
            for number in numbers
            if number in archive.known
            and number != archive.me
            and archive.known[number][0].casefold() != archive.my_handle
        )
        if not named:
            continue
        for number in named:
            _person(archive, crowd, number)
        number = text_in(tweet, "id_str")
        url = POST.format(number) if _NUMBER.fullmatch(number) else ""
        crowd.say("mention", " ".join(named), at, "", _plain(text), named, url=url)


def _messages(archive: Archive, crowd: Gathering) -> None:
    me = archive.me or _in_all(archive.talks)
    for talk in archive.talks:
        number = text_in(talk, "conversationId")
        said = [
            created
            for message in map(mapped, listed(talk.get("messages")))
            if (created := mapped(message.get("messageCreate")))
        ]
        if not said:
            continue
        if not me:
            crowd.refuse(
                f"Conversation {number}",
                "This file alone does not say which of the two is you: bring the whole"
                " archive, or account.js with it.",
            )
            continue
        others = _others(talk, said, me)
        if all(text_in(message, "senderId") != me for message in said) and not any(
            other in archive.known for other in others
        ):
            crowd.refuse(
                f"X user {', '.join(others)[:200]}",
                "Wrote to you without an answer, and X's archive does not name them.",
            )
            continue
        for other in others:
            _person(archive, crowd, other)
        for message in said:
            at = read_moment(text_in(message, "createdAt"), _TIME)
            by = text_in(message, "senderId")
            if at and (by == me or by in crowd.people):
                text = _plain(text_in(message, "text"))
                by = "" if by == me else by
                crowd.say("message", number, at, by, text, others)


def _plain(text: str) -> str:
    """X writes & and < as a web page does."""
    return clean(html.unescape(text))


def _others(talk: dict[str, Any], said: Iterable[dict[str, Any]], me: str) -> list[str]:
    found = set(text_in(talk, "conversationId").split("-"))
    found = found if len(found) == 2 else set()
    for message in said:
        found |= {text_in(message, "senderId"), text_in(message, "recipientId")}
    return sorted(each for each in found - {me} if _NUMBER.fullmatch(each))


def _in_all(talks: list[dict[str, Any]]) -> str:
    """Whose number stands in every conversation of two: mine, if there are several."""
    pairs = [set(text_in(talk, "conversationId").split("-")) for talk in talks]
    pairs = [pair for pair in pairs if len(pair) == 2]
    common = set.intersection(*pairs) if pairs else set()
    return common.pop() if len(common) == 1 else ""


def _follows(archive: Archive, crowd: Gathering) -> None:
    mine, theirs = (
        [number for number in dict.fromkeys(numbers) if _NUMBER.fullmatch(number)]
        for numbers in (archive.following, archive.followers)
    )
    i_follow, follow_me = set(mine), set(theirs)
    for number in mine:
        both = number in follow_me
        said = "You follow each other" if both else "You follow them"
        _follow(archive, crowd, number, said)
    for number in theirs:
        if number not in i_follow:
            _follow(archive, crowd, number, "They follow you")


def _follow(archive: Archive, crowd: Gathering, number: str, said: str) -> None:
    if number not in archive.known and number not in crowd.people:
        link = PROFILE.format(number)
        crowd.refuse(f"X user {number}", NAMELESS.format(link))
        return
    record = _person(archive, crowd, number)
    record.noticed = True
    record.story = f"{said} on X."
