# ruff: noqa: E501  (tables of words, read across)
"""What invented people do, need, offer and talk about, by the world they move in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class World:
    tag: str
    jobs: tuple[str, ...]
    headlines: tuple[str, ...]
    organizations: tuple[str, ...]
    topics: tuple[str, ...]
    works_on: tuple[str, ...]
    # What one needs and another offers: the pairs that a match is made of.
    matches: tuple[tuple[str, str], ...]
    series: tuple[tuple[str, str], ...]  # kind of event, its name


WORLDS = (
    World(
        "ceramics",
        ("Potter", "Studio owner", "Glaze chemist", "Ceramics teacher", "Kiln builder"),
        ("Throws tableware for small restaurants", "Runs a shared studio with nine wheels", "Fires with wood, twice a year", "Teaches hand-building to grown-ups"),
        ("Kiln Lane", "Studio Tonwerk", "Salt & Ash", "Clay Commons", "Blue Slip", "Atelier Argile"),
        ("glazes without lead", "selling at markets", "a shared kiln", "what a plate should cost"),
        ("a line of forty plates for a bistro", "a book on ash glazes", "moving the studio to the old dairy"),
        (("a first retail buyer for the tableware", "buys tableware for three restaurants"), ("a kiln to share for two weekends", "a kiln that stands idle from May to July"), ("someone who photographs white objects well", "photographs objects, has a light tent")),
        (("class", "Wheel throwing on Wednesdays"), ("fair", "Potters’ market"), ("mixer", "Open studio evening")),
    ),
    World(
        "software",
        ("Engineer", "Engineering manager", "Data scientist", "Maintainer", "Product manager", "Designer"),
        ("Makes slow databases fast", "Maintains a small library that everybody uses", "Builds tools for clinics", "Leads a team of six, still writes code"),
        ("Northbridge Labs", "Tidepool Systems", "Hazel & Finch", "Fernweh Software", "Quiet Cache", "Open Ledger Works"),
        ("database migrations", "hiring juniors", "offline first", "leaving a big company", "accessibility"),
        ("an importer for hospital records", "a talk on boring technology", "a scheduler in Rust"),
        (("a first customer in health care", "knows the head of IT of two clinics"), ("a reviewer for a talk proposal", "reviews talk proposals, sat on three juries"), ("a part-time designer", "a free day a week for interface design")),
        (("conference", "Patchwork Conf"), ("meetup", "Databases & Dumplings"), ("online", "Friday maintainers’ call"), ("meetup", "Python evening")),
    ),
    World(
        "food",
        ("Chef", "Baker", "Cheesemaker", "Restaurant owner", "Food writer", "Wine merchant"),
        ("Bakes rye bread for half the neighbourhood", "Cooks for forty every Thursday", "Writes about what grandmothers cook", "Imports wine from growers visited on foot"),
        ("Rye & Rain", "Bistro Ampelo", "The Long Table", "Käserei Grünau", "Salz und Kraut", "Casa Limón"),
        ("opening a second place", "a supper club", "finding staff", "sourdough in summer"),
        ("a supper club for strangers", "a cookbook of twelve soups", "a bakery that closes at noon"),
        (("a kitchen to rent on Mondays", "a kitchen that is closed on Mondays"), ("an illustrator for a cookbook", "illustrates food, quick and in ink"), ("a supplier of spelt flour", "mills spelt and has flour to sell")),
        (("dinner", "Table for twelve"), ("mixer", "Second Thursday"), ("class", "Bread course")),
    ),
    World(
        "music",
        ("Cellist", "Sound engineer", "Choir leader", "Composer", "Festival booker", "Luthier"),
        ("Plays the cello and fixes amplifiers", "Leads a choir of people who cannot sing", "Books a small festival by the river", "Builds guitars from old doors"),
        ("Harbour Strings", "Klangwerkstatt", "Studio Ostinato", "Low Tide Records", "Choir of Others"),
        ("touring by train", "rooms with a good sound", "film music", "choirs for beginners"),
        ("music for a short film", "a record made in a church", "a choir of a hundred"),
        (("a room to rehearse on Sundays", "a rehearsal room with a piano, free on Sundays"), ("someone to mix a live record", "mixes live records for nice people"), ("gigs in Portugal in spring", "books two stages in Portugal")),
        (("meetup", "Sunday jam"), ("class", "Samba drumming"), ("fair", "River Days")),
    ),
    World(
        "education",
        ("Teacher", "Head of school", "Professor", "Librarian", "Researcher", "Tutor"),
        ("Teaches physics with bicycles", "Runs a library that lends tools", "Studies how grown-ups learn languages", "Heads a school of ninety children"),
        ("Lindenhof School", "Institute for Adult Learning", "Tool Library West", "University of the Bay", "Night School"),
        ("learning late in life", "grants", "a reading group", "children and chess"),
        ("a course on asking questions", "a study of eighty learners", "an evening school for nurses"),
        (("a school that wants a chess club", "runs a school that looks for afternoon clubs"), ("ten people to interview about learning", "has a list of a hundred evening students"), ("a second reader in Spanish", "reads and corrects Spanish for a coffee")),
        (("talk", "Evening lecture"), ("class", "Improv for beginners"), ("conference", "Teaching Grown-ups")),
    ),
    World(
        "garden",
        ("Gardener", "Landscape architect", "Ecologist", "Seed keeper", "Beekeeper", "City planner"),
        ("Plants trees where cars stood", "Keeps four hundred kinds of beans", "Counts bees for the city", "Designs gardens that need no water"),
        ("Second Orchard", "Wildwuchs", "Seed Common", "Green Margin", "Atelier Hortus"),
        ("trees for dry summers", "talking to the council", "a seed swap", "roofs"),
        ("an orchard on a parking lot", "a map of old apple trees", "a garden for a hospice"),
        (("forty volunteers for a planting day", "leads a company that gives its people a day for planting"), ("a plot for fifty young trees", "owns a field nobody uses"), ("a lawyer who knows leases", "reads leases for associations, free")),
        (("trip", "Planting day"), ("talk", "Green evenings"), ("meetup", "Seed swap")),
    ),
    World(
        "film",
        ("Director", "Producer", "Editor", "Animator", "Festival programmer", "Photographer"),
        ("Makes films about people who repair things", "Edits other people’s memories", "Animates with paper and patience", "Programmes a festival of short films"),
        ("Paper Moon Pictures", "Kurzfilmhaus", "Third Reel", "Lanterne Noire", "Harbour Films"),
        ("short films", "money for a first film", "colour", "subtitles"),
        ("a film about a repair shop", "ten minutes of paper animation", "a programme of silent films"),
        (("a composer for a short film", "writes music for films, has June free"), ("a place to shoot: an old swimming pool", "keeps the keys of a closed swimming pool"), ("someone at a festival to watch a rough cut", "watches rough cuts for a festival")),
        (("meetup", "Short film night"), ("conference", "Documentary days"), ("mixer", "After the credits")),
    ),
    World(
        "health",
        ("Nurse", "Physiotherapist", "General practitioner", "Midwife", "Psychologist", "Clinic manager"),
        ("Brings old people out of bed and onto bicycles", "Runs a practice for runners", "Helps people who care for others", "Midwife, eleven hundred children so far"),
        ("Praxis am Park", "Walnut Street Clinic", "Hospice Seven Oaks", "Care Collective", "Clínica del Puerto"),
        ("night shifts", "care for carers", "sleep", "software that nurses hate"),
        ("a walking group for patients", "a guide for night shifts", "a clinic without paper"),
        (("someone who builds simple software for a clinic", "builds simple software for clinics"), ("a room for a weekly group", "has a big room that is empty in the mornings"), ("a speaker on sleep", "talks about sleep so that people stay awake")),
        (("talk", "Care talks"), ("online", "Carers’ hour"), ("meetup", "Walk and talk")),
    ),
    World(
        "business",
        ("Founder", "Consultant", "Investor", "Accountant", "Recruiter", "Marketing lead"),
        ("Sells companies to those who work in them", "Invests small sums in dull things that last", "Writes offers that get read", "Finds people who do not look for a job"),
        ("Lumen", "Marten & Daughters", "Fairweather Partners", "Atlas Bookkeeping", "Kontor Nord", "Slow Capital"),
        ("pricing", "a co-founder", "selling without shame", "four-day weeks"),
        ("selling a bakery to its bakers", "a fund for repair shops", "a newsletter about prices"),
        (("a co-founder who likes selling", "wants to found something, likes selling"), ("an accountant for a cooperative", "keeps the books of four cooperatives"), ("advice on prices from someone who raised them", "raised prices twice and tells how")),
        (("mixer", "Founders’ breakfast"), ("conference", "Small Giants"), ("fair", "Start-up fair"), ("dinner", "Six at a table")),
    ),
    World(
        "neighbours",
        ("Bookseller", "Carpenter", "Bicycle mechanic", "Translator", "Journalist", "Social worker", "Retired"),
        ("Has the bookshop on the corner", "Repairs what others throw away", "Translates novels nobody else dares to", "Knows everybody in the street"),
        ("Corner Books", "Holzwerk", "Spoke & Chain", "The Weekly Lantern", "Repair Café", "Maison des Langues"),
        ("the street party", "books", "bicycles", "the new tram"),
        ("a lending shelf for tools", "the translation of a thousand pages", "a street party without cars"),
        (("someone to translate a letter into Arabic", "translates between Arabic and German"), ("a carpenter for shelves", "builds shelves in the quiet months"), ("a reading at the shop in autumn", "a shop with forty chairs for readings")),
        (("meetup", "Repair café"), ("meetup", "Book circle"), ("class", "Spanish on Tuesdays")),
    ),
)  # fmt: skip

MORE_TAGS = (
    "speaker", "mentor", "alumni", "client", "press", "knows everybody", "funny",
    "writes back", "Spanish", "chess", "runs", "parents",
)  # fmt: skip

ENJOYS = (
    "cold water, all year", "old maps", "long walks without a phone", "bad puns",
    "mending clothes", "bouldering", "cooking for many", "night trains", "birds",
    "crosswords in two languages", "dancing tango badly", "mushrooms", "sailing",
    "singing in the car", "flea markets before breakfast", "cycling in the rain",
)  # fmt: skip
OBSTACLES = (
    "too little time since the second child", "does not like to ask for help",
    "the lease ends in spring", "nobody answers the applications", "writes too slowly",
    "lost the best employee to a bank", "says yes to everything",
)  # fmt: skip
HOPES = (
    "to live by the sea before fifty", "a four-day week for everybody", "to teach again",
    "one month without e-mail", "that the children speak the grandmother’s language",
    "to see the work in a museum once", "to be asked more often",
)  # fmt: skip
STORIES = (
    "Missed the last ferry and was given a bed by the captain’s mother.",
    "Once sold a piano to pay for a printing press. Still has the press.",
    "Met their partner in a lift that was stuck for two hours.",
    "Learned the language from radio plays about a detective.",
    "Crossed the Alps on a postman’s bicycle, no gears.",
    "Was a clown in a circus for one summer and can still fall well.",
    "Got the first job because of a spelling mistake in the letter.",
)  # fmt: skip
OTHERS = (
    "vegetarian, no nuts", "better by phone than by mail", "never before ten",
    "allergic to cats", "takes the tea without milk", "has a dog called Biscuit",
)  # fmt: skip

# Where events are: city, time zone, places.
VENUES = (
    ("Berlin", "Europe/Berlin", ("Café Lauter", "Haus am Kanal", "Markthalle 4", "the old printing works")),
    ("London", "Europe/London", ("The Reading Room", "Lantern Hall", "17 Harbour Yard")),
    ("Lisboa", "Europe/Lisbon", ("Casa da Ponte", "Armazém 9", "Miradouro Velho")),
    ("København", "Europe/Copenhagen", ("Havnehuset", "Café Norden 2")),
    ("Boston", "America/New_York", ("Pier 12", "The Brick Room")),
)  # fmt: skip
CAFES = (
    "Café Lauter", "the bakery at the station", "Blue Door", "a bench by the canal",
    "Kafé Nord", "the museum’s courtyard", "Second Cup", "the market",
)  # fmt: skip

# What happened, by kind of interaction. {topic} is something of their world.
TEXTS = {
    "mention": (
        "They named me in a thread about {topic}.",
        "Shared my note on {topic} with a kind word.",
        "A post about {topic}: “I know whom to ask”, and then my name.",
    ),
    "message": (
        "Wrote about {topic}. They answered within the hour.",
        "Thanked them for the thread about {topic} and asked one question.",
        "Sent the link I had promised. “Exactly what I was looking for.”",
        "Asked how the talk went. It went well, they are tired and happy.",
    ),
    "email": (
        "Long mail about {topic}, with two names I should talk to.",
        "Sent the notes on {topic}. They want to meet when in town.",
        "They asked for a second opinion on {topic}.",
    ),
    "letter": ("A card with a drawing of the harbour, and a line about {topic}.",),
    "call": (
        "Forty minutes about {topic}; they did most of the talking, which was good.",
        "Short call. They are in the middle of moving, call again in a month.",
    ),
    "video_call": (
        "First time face to face, if only on a screen. Talked about {topic}.",
        "They showed me their work:\n\n- {topic}\n- what comes after it\n\nPromised to introduce someone.",
        "An hour on {topic}. **Ask again in spring.**",
    ),
    "coffee": (
        "At {place}. Talked about {topic} and about their parents.",
        "Coffee at {place}. They paid, the next one is mine.",
        "Walked around the block twice because {place} was full. {topic}, mostly.",
        "Asked what stands in the way: “time, and asking”. More on {topic} next time.",
    ),
    "meal": (
        "Dinner at {place}. Everybody stayed until the chairs were put up.",
        "Lunch at {place}; {topic}, and a plan for the summer.",
    ),
    "meeting": (
        "Looked at their plans for {topic}. I can help with the first page.",
        "Met with two of their colleagues. Next step is mine: *one page on {topic}*.",
    ),
    "event": (
        "Stood next to each other in the queue for coffee and talked about {topic}.",
        "Good question after the talk; we talked about {topic} until the lights went out.",
        "Only five minutes, on {topic}. Warm.",
    ),
    "work": (
        "Two days on {topic} together. Would do it again.",
        "Our first small job together: {topic}.",
    ),
    "other": ("Ran into each other at {place}.",),
}

STORIES_OF_ORIGIN = {
    "online": (
        "A post about {topic} that I kept for a year before I answered it.",
        "We both answered the same question about {topic}.",
        "Their newsletter on {topic}; I wrote back once.",
    ),
    "named": (
        "{introducer} named them in a post about {topic}.",
        "In the replies to {introducer}’s thread on {topic}.",
    ),
    "introduction": (
        "{introducer} thought we should talk about {topic}, and was right.",
        "{introducer} wrote to both of us: “you two will like each other.”",
        "At {introducer}’s table; we were the last to leave.",
        "{introducer} gave me the number and said: call, do not write.",
    ),
    "event": (
        "The seat beside me was free.",
        "Asked the only question about {topic}, so I had to say hello.",
        "We both fled from the loud room and ended up talking about {topic}.",
    ),
    "work": ("Shared an office for a year, and a love for {topic}.",),
    "school": ("Sat two rows behind me in statistics.",),
    "family": ("A cousin’s wedding; danced with everybody’s aunt.",),
    "neighbourhood": ("Third floor, the one with the plants.",),
    "other": ("We were stuck in the same train for four hours.",),
}
