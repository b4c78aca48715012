"""What was just done is taken back once, and only when that works."""

import pytest

from networkcrm import undo


def test_what_could_not_be_undone_can_be_tried_again(user, monkeypatch):
    tries = []

    def undoer(user, payload):
        tries.append(payload)
        if len(tries) == 1:
            raise RuntimeError
        return "Back."

    monkeypatch.setitem(undo._undoers, "a thing", undoer)
    token = undo.remember(user, "a thing", [1]).rstrip("/").rpartition("/")[2]

    with pytest.raises(RuntimeError):
        undo.spend(user, token)
    assert undo.spend(user, token) == "Back."
    with pytest.raises(undo.TooLate):
        undo.spend(user, token)
    assert tries == [[1], [1]]
