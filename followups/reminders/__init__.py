"""What is sent without being asked for: when (schedule), at most once (log), by mail
(digest, mailing) and to browsers (push), and how it is switched off at once
(unsubscribing)."""
