"""What was given, week by week and person by person, and which circles are kept.

Nobody in the trash is counted, nor the owner; every number has a list behind it.
"""
