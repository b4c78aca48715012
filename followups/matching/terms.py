# ruff: noqa: E501  (one meaning, one line)
"""Words of different stems by which people mean the same: kept short, and by hand.

No library that is kept up carries a thesaurus with it: the readers of WordNet fetch it
at run time, which nothing here may. So these are the trades and things that people
in a network ask for and offer, in English and in German. One line, one meaning; the
first word of a name in two words ("real estate") is not a synonym, so none stand here.
"""

_WORDS = """
lawyer attorney solicitor barrister legal jurist anwalt anwältin rechtsanwalt juristin
accountant bookkeeper bookkeeping accounting tax taxes steuerberater steuerberaterin buchhalter buchhaltung steuern
investor investment funding capital financing angel funder geldgeber kapital investition finanzierung
grant stipend scholarship fellowship bursary förderung fördermittel stipendium
developer programmer coder software engineer entwickler entwicklerin programmierer programmiererin
website webpage homepage webseite internetseite
designer design gestalter gestalterin gestaltung grafiker grafikerin
illustrator illustrations drawings zeichner zeichnerin zeichnungen
photographer photos photo photography pictures fotograf fotografin fotos fotografie
filmmaker film video videos videographer movie kameramann filmemacher
translator translation interpreter übersetzer übersetzerin übersetzung dolmetscher dolmetscherin
editor proofreader proofreading copyeditor lektor lektorin lektorat korrektur
writer author copywriter ghostwriter autor autorin texter texterin
journalist reporter press media presse journalistin
publisher publishing verlag verleger verlegerin
printer printing druckerei drucker
doctor physician gp medical arzt ärztin hausarzt
therapist psychologist counsellor psychotherapist therapeutin therapeut psychologin
physiotherapist physio physiotherapeut physiotherapeutin krankengymnastik
nurse carer caregiver pflegerin pfleger krankenschwester pflege
teacher tutor tuition lessons instructor lehrer lehrerin unterricht nachhilfe
coach coaching mentor mentoring mentorin
recruiter headhunter recruiting hiring personalvermittler
job position vacancy employment stelle arbeitsplatz anstellung
intern internship apprentice apprenticeship praktikum praktikant praktikantin lehrstelle
volunteer volunteers helpers freiwillige ehrenamtliche
flat apartment lodging wohnung unterkunft
office coworking desk workspace büro arbeitsplatz schreibtisch
venue hall location saal veranstaltungsort
room space raum zimmer
kitchen küche
garage shed storage warehouse lager lagerraum scheune
van lorry truck transporter lieferwagen
car vehicle auto wagen
bicycle bike cycle fahrrad rad
builder construction contractor bauunternehmer handwerker
carpenter joiner woodworker schreiner schreinerin tischler tischlerin
plumber plumbing klempner installateur
electrician elektriker elektrikerin
painter decorator maler malerin
architect architecture architekt architektin
gardener gardening gärtner gärtnerin
cook chef catering caterer koch köchin
baker bakery bäcker bäckerin bäckerei
winegrower vintner winery winzer winzerin weingut
musician band musiker musikerin
singer vocalist sänger sängerin
speaker talk lecture keynote speech vortrag referent referentin rednerin
moderator facilitator host moderatorin moderation
babysitter nanny childminder childcare kindergarten kita kinderbetreuung tagesmutter
vet veterinarian tierarzt tierärztin
marketing advertising publicity promotion werbung
sales selling vertrieb verkauf
customer client buyer kunde kundin kunden käufer
supplier vendor wholesaler lieferant lieferantin großhändler
shop store retailer retail boutique laden geschäft
partner cofounder founder mitgründer mitgründerin gründer gründerin
statistician statistics statistik statistiker
researcher research scientist forscher forscherin forschung
participants interviewees testers teilnehmer teilnehmerinnen tester
insurance insurer versicherung
bank loan credit kredit darlehen
property landlord vermieter immobilien
ai ki
hr personal personalwesen
"""

LINES = [tuple(line.split()) for line in _WORDS.strip().splitlines()]
# The first line a word stands in says what it means.
MEANING: dict[str, int] = {}
for _number, _line in enumerate(LINES):
    for _word in _line:
        MEANING.setdefault(_word, _number)
