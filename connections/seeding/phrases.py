# ruff: noqa: E501  (sentences, read across)
"""What is said when people are brought together, and what came of it."""

# In which words somebody introduced others to me, by kind of introduction.
INTRODUCED_IN = {
    "mention": (
        "#FollowFriday: people who know about {topic}, and are kind about it.",
        "“Ask these about {topic}, not me.”",
        "A thread of thanks at the end of the year.",
    ),
    "email": (
        "“You two should have met years ago.” Three lines, and both addresses.",
        "A mail with the subject “{topic}”, and nothing to add but our names.",
    ),
    "group_message": (
        "A group of four, named after {topic}. Silent since, but it did its work.",
        "“Everybody, meet everybody.”",
    ),
    "in_person": (
        "“Come, there is somebody you have to meet.”",
        "We were put beside each other at the table, on purpose.",
        "",
    ),
    "referral": (
        "“Call, and say that I sent you.”",
        "Gave me the number and a warning about the stairs.",
    ),
}
WHY_FOR_ME = (
    "Knows more about {topic} than I ever will.",
    "Has done what I am about to try.",
    "Because we laugh at the same things.",
    "",
)
WHY_NEEDS = (
    "Needs {need}; {other} {offer}.",
    "“{need}”: that is what {other} is for.",
)
WHY_OFFERS = (
    "Likes to be asked, and {other} needs {need}.",
    "Was looking for somebody to talk to about {topic}.",
)
ASKED = (
    "I know somebody you might like: it is about {topic}. May I introduce you?",
    "Would a short call about {topic} be welcome? I would write to you both.",
    "There is somebody I trust who asked me about {topic}. Shall I give your name?",
)
ANSWERED = {
    "yes": ("Gladly!", "Yes, and thank you for asking first.", "With pleasure, mornings are best.", ""),
    "no": ("Thank you, but this year is full.", "We know each other already, and it is better so.", ""),
    "not_now": ("Ask me again in spring, please.", "After the move, yes.", ""),
    "": ("",),
}  # fmt: skip
MADE_IN = (
    "Dear both, I promised to bring you together: it is about {topic}. The rest is yours.",
    "You two, meet each other. {topic} will do for a beginning.",
    "",
)
BETWEEN = (
    "They told me at {place}: it began with {topic}.",
    "One introduced the others, and now they work on {topic}.",
    "Heard of it only a year later.",
    "",
)

NOTES = (
    "They share an office and a kettle.",
    "Do not seat them side by side.",
    "Went to sea together once.",
    "Since a course they both gave up.",
    "Speak on the phone every Sunday.",
)  # fmt: skip

# What came of it, by kind of outcome.
OUTCOMES = {
    "work": (
        "Two days on {topic} together",
        "A workshop on {topic}, given twice",
        "We wrote the plan for {work}",
    ),
    "client": (
        "First invoice: {work}",
        "A year of small jobs around {topic}",
        "They came as a client, and stayed",
    ),
    "job": (
        "A job for half a year: {work}",
        "Recommended me for a post I got",
        "Their old desk became mine",
    ),
    "talk": (
        "A talk on {topic} at their evening",
        "Forty people and one microphone: {topic}",
        "Spoke at their conference",
    ),
    "advice": (
        "Advice on {topic} that saved a month",
        "Read my contract and found the hole in it",
        "Told me not to do it, and was right",
    ),
    "money": (
        "A grant for {work}",
        "Bought the first ten",
        "Lent the deposit without a word",
    ),
    "friendship": (
        "Summers at the lake, with everybody’s children",
        "The one I call when it is late",
        "Godmother of our second",
    ),
    "introduction": (
        "Two who met through me now share a studio",
        "Brought me to the table of six",
        "The two I brought together work on {topic}",
    ),
    "other": (
        "A dog from the same litter",
        "The recipe that everybody asks for",
        "A place on the boat to the islands",
    ),
}
STORY_OF_OUTCOME = (
    "It took a year from the first coffee.",
    "Would never have happened without the evening in the rain.",
    "They said yes before I had finished the sentence.",
    "",
    "",
)
# What such a thing is worth, from and to, in whole tens; none where nobody counts.
WORTH = {
    "work": (40, 400),
    "client": (80, 2400),
    "job": (900, 5200),
    "talk": (20, 150),
    "money": (50, 1500),
}
