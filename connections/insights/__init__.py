"""Where relations come from, what they led to, and how they went in person.

Counted live, in few statements whatever the number of people; every number has a
list of as many rows behind it, found by connections/contact_filters.py and by the
filters of /outcomes/. Nobody in the trash is counted, nor the owner; people in the
archive are.
"""
