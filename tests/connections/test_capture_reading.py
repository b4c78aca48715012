import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.capturing.reading import Understood, best_of, read

CASES = json.loads(Path(__file__).with_name("capture_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_reads(case):
    understood = read(case["text"], case.get("people", []))

    assert asdict(understood) == asdict(Understood()) | case["read"]


@given(st.text(max_size=300))
def test_never_stumbles_and_loses_no_word(text):
    understood = asdict(read(text))

    kept = " ".join(
        " ".join(value) if isinstance(value, list) else value
        for value in understood.values()
    )
    assert set("".join(c for c in kept if c.isalnum())) <= set(text.replace("’", "'"))


def test_long_lines_are_read_quickly():
    for line in ("a " * 10_000, "1" * 20_000, "a@" * 10_000, "via " * 5_000):
        read(line)


def test_a_name_that_fits_several_is_none_of_them():
    assert best_of("Ben", ["Ben Katz", "Ben Ito"]) == ""
    assert best_of("ben katz", ["Ben Katz", "Ben Ito"]) == "Ben Katz"
    assert best_of("", ["Ben Katz"]) == ""
