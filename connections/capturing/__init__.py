"""Writing down whom I just met, once, however often the phone sends it."""
