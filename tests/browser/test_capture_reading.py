"""The phone reads a line as the server does."""

from pathlib import Path

CASES = Path(__file__).parent.parent / "connections" / "capture_cases.json"


def test_both_readers_agree(page, live_server):
    page.goto("/accounts/login/")

    differing = page.evaluate(
        """async (json) => {
            const { read, nothing } = await import("/static/js/capture/reading.js");
            return JSON.parse(json).flatMap((one) => {
                const wanted = JSON.stringify({ ...nothing(), ...one.read });
                const got = JSON.stringify(read(one.text, one.people ?? []));
                return wanted === got ? [] : [{ text: one.text, wanted, got }];
            });
        }""",
        CASES.read_text(),
    )

    assert differing == []
