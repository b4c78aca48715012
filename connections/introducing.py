"""Introductions: what is done to several rows at once.

Asking and answering change a consent and the introduction behind it; what was made
for me is also how I met them. Each of these runs in one transaction, and the verbs of
Introduction raise Stuck where a step makes no sense.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from connections.chains import Cycle
from connections.models import Consent, Introduction, Origin, Party, Platform, Stuck
from connections.models.progress import NOT_NOW
from contacts.models import Contact
from networkcrm import derived
from networkcrm.models import User

Answer = Consent.Answer
Kind = Introduction.Kind
State = Introduction.State


@transaction.atomic
def ask_by_link(introduction: Introduction, party: Party, message: str) -> str:
    """Returns the token of the link; the one before it leads nowhere any more."""
    consent = _asked(introduction, party)
    consent.message = message
    return consent.renew()


@transaction.atomic
def ask_by_hand(introduction: Introduction, party: Party) -> None:
    _asked(introduction, party).ask_by_hand()


def _asked(introduction: Introduction, party: Party) -> Consent:
    introduction.refuse_missing()
    if party not in introduction.asked_parties:
        raise Stuck("They need not be asked.")
    consent = introduction.consents.filter(party=party).first()
    if consent and consent.answer == Answer.YES and introduction.state == State.ASKED:
        raise Stuck(f"{introduction.name_of(party)} said yes already.")
    introduction.ask()
    return consent or Consent(
        owner=introduction.owner, introduction=introduction, party=party
    )


@transaction.atomic
def answer_by_hand(
    introduction: Introduction, party: Party, answer: str, words: str
) -> None:
    """ "I asked, she said yes": the owner writes down what they were told."""
    introduction.refuse_missing()
    if party not in introduction.asked_parties:
        raise Stuck("They need not be asked.")
    if introduction.state in (State.IDEA, State.EXPIRED):
        introduction.ask()
    if introduction.state not in (State.ASKED, State.AGREED):
        raise Stuck("This is settled already. Take the last step back first.")
    consent = introduction.consents.filter(party=party).first()
    if consent is None:
        consent = Consent(
            owner=introduction.owner, introduction=introduction, party=party
        )
    consent.token_hash, consent.expires_at = "", None
    _hear(introduction, consent, answer, words)


def answer_by_link(consent: Consent, answer: str, words: str) -> bool:
    """False when somebody else with the same link was quicker, or it is settled."""
    with transaction.atomic():
        introductions = consent.owner.introductions.select_for_update(no_key=True)
        introduction = introductions.filter(pk=consent.introduction_id).first()
        now = consent.owner.consents.filter(token_hash=consent.token_hash).first()
        if introduction is None or now is None or not is_awaited(now, introduction):
            return False
        _hear(introduction, now, answer, words)
        return True


def is_awaited(consent: Consent, introduction: Introduction) -> bool:
    """Whether the link can be answered, and an answer still matters."""
    return (
        consent.is_link_open
        and introduction.state == State.ASKED
        and not introduction.missing
    )


def _hear(
    introduction: Introduction, consent: Consent, answer: str, words: str
) -> None:
    consent.hear(answer, words)
    if answer == Answer.NO:
        introduction.decline()
    elif answer == Answer.NOT_NOW:
        if introduction.state == State.AGREED:
            introduction.step_back()
        introduction.ask_later(NOT_NOW)
    elif introduction.state == State.ASKED and _is_agreed(introduction):
        introduction.agree()
    else:
        # So that an undo of what was before sees that something was heard since.
        introduction.save(update_fields=["updated_at"])


def _is_agreed(introduction: Introduction) -> bool:
    yes = introduction.consents.filter(answer=Answer.YES)
    said = set(yes.values_list("party", flat=True))
    return said >= set(introduction.asked_parties)


@transaction.atomic
def take_back(introduction: Introduction) -> None:
    """One step back, with the answer or the beginning that came of it."""
    was, made_at = introduction.state, introduction.made_at
    introduction.step_back()
    if was == State.ASKED:
        introduction.consents.all().delete()
    elif was in (State.AGREED, State.DECLINED):
        _forget_last_answer(introduction)
    elif was == State.MADE:
        assert made_at is not None
        for origin in introduction.origins.filter(how=Origin.How.INTRODUCTION):
            let_go(origin, made_at)


def let_go(origin: Origin, since: datetime) -> None:
    """Gone if it came of what is taken back; what stood before loses only the link."""
    if origin.created_at >= since:
        origin.delete()
        return
    origin.introduction = None
    origin.save()


def _forget_last_answer(introduction: Introduction) -> None:
    last = introduction.consents.answered().order_by("-answered_at").first()
    if last and introduction.state == State.AGREED:
        last.hear(Answer.YES, "")
    elif last:
        last.forget_answer()


@dataclass
class Beginnings:
    """What became of "how you met" by introductions that were made for me."""

    set: list[Origin] = field(default_factory=list)
    # Written down otherwise before: the owner says whether to replace it.
    differing: list[Origin] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def set_origins(introductions: Iterable[Introduction]) -> Beginnings:
    """How I met those I was introduced to, where nothing was written yet.

    A beginning with the same introducer is linked; another one is left as it is and
    told. What would bite the tail of the chain is told too, and left out.
    """
    done = Beginnings()
    for introduction in introductions:
        contact = introduction.brought_me
        if contact is None:
            continue
        origin = getattr(contact, "origin", None)
        if origin is None:
            _begin(introduction, contact, done)
        elif origin.introduction_id is None and _says_the_same(origin, introduction):
            origin.introduction = introduction
            origin.save()
        elif origin.introduction_id != introduction.pk:
            done.differing.append(origin)
    return done


def _begin(introduction: Introduction, contact: Contact, done: Beginnings) -> None:
    origin = origin_from(introduction, contact)
    try:
        with transaction.atomic():
            origin.save()
    except Cycle as cycle:
        done.refused.append(
            f"How you met {contact} stays as it is: {' '.join(cycle.messages)}"
        )
    else:
        done.set.append(origin)


def origin_from(introduction: Introduction, contact: Contact) -> Origin:
    """The beginning of a relation as this introduction tells it."""
    platform, kind = introduction.platform, introduction.kind
    return Origin(
        owner=introduction.owner,
        contact=contact,
        how=Origin.How.INTRODUCTION,
        introducer=introduction.introducer,
        introducer_name=introduction.introducer_name,
        introduction=introduction,
        platform=platform or (Platform.EMAIL if kind == Kind.EMAIL else ""),
        event=introduction.event,
        event_name=introduction.event_name,
        url=introduction.url,
        place=introduction.place,
        on=introduction.made_on,
        story=introduction.text,
        in_person={Kind.IN_PERSON: True, Kind.REFERRAL: None}.get(Kind(kind), False),
    )


def _says_the_same(origin: Origin, introduction: Introduction) -> bool:
    same = origin.introducer_id == introduction.introducer_id
    return same and origin.how == Origin.How.INTRODUCTION


def replace_origin(introduction: Introduction, contact: Contact) -> Origin:
    """The new one, in the place of what was written. Raises Cycle, changing nothing."""
    before = contact.origin
    origin = origin_from(introduction, contact)
    with derived.batch(), transaction.atomic():
        before.delete()
        origin.save()
    return origin


def consent_of(token: str) -> Consent | None:
    """Whose link this is: the one door that is open to people without an account."""
    consent: Consent | None = Consent.objects.by_token(token).first()
    return consent


def named(owner: User, ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """Those of the owner's people, by key, who can be brought together."""
    people = owner.contacts.kept().filter(pk__in=list(ids))
    return {contact.pk: contact for contact in people}
