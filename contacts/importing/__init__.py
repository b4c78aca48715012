"""Address books come in: one reader per source, everything after it is shared.

A reader turns a file into records (records.py); readers.py knows them all.
matching.py finds who is already here, writing.py writes, undoing.py takes it back.
"""
