"""What a column of a table may be: the words that every reader of tables speaks.

A cell is (field, label, value), where the label says which of several it is ("work",
"Google Talk") or what stands above it. filling.py makes a person of them.
"""

from contacts.models.methods import Service

Cell = tuple[str, str, str]
KEEP = "keep"
LEAVE_OUT = ""
NAMES = ("prefix", "given_name", "middle_name", "family_name", "suffix")
SERVICE_FIELDS = [value for value in Service.values if value != Service.OTHER]
ADDRESSES = ("address", "address2", "address3")
# In the order in which they stand on an envelope.
ADDRESS_PARTS = {
    "box": "post box", "extra": "second line", "street": "street", "code": "post code",
    "city": "city", "region": "state or region", "country": "country",
}  # fmt: skip


def _parts(address: str, title: str) -> dict[str, str]:
    return {
        f"{address}.{key}": f"{title}: {said}" for key, said in ADDRESS_PARTS.items()
    }


# By what the page puts them under.
GROUPS: dict[str, dict[str, str]] = {
    "Name": {
        "full_name": "full name",
        "given_name": "first name",
        "middle_name": "middle name",
        "family_name": "last name",
        "prefix": "title before the name",
        "suffix": "what stands after the name",
        "nickname": "nickname",
        "pronouns": "pronouns",
    },
    "Work": {
        "organization": "organization",
        "department": "department",
        "job_title": "job title",
        "headline": "what they do, in a line",
    },
    "How to reach them": {
        "email": "e-mail address",
        "phone": "phone number",
        "url": "web page",
        **{value: Service(value).label for value in SERVICE_FIELDS},
        "handle": "handle on another service",
    },
    "Where they live": {
        "city": "city",
        "region": "state or region",
        "country": "country",
        "address": "postal address",
        **_parts("address", "address"),
        "address2": "second postal address",
        **_parts("address2", "second address"),
        "address3": "third postal address",
        **_parts("address3", "third address"),
    },
    "About them": {
        "about": "notes",
        "tags": "tags",
        "birthday": "birthday",
        "anniversary": "anniversary",
        "date": "another important date",
        "relation": "somebody close to them",
        "spouse": "husband, wife or partner",
        "manager": "their manager",
        "assistant": "their assistant",
    },
    "How you met": {
        "met_on": "when you met",
        "connected_on": "when you connected online",
        "met_at": "where you met",
        "met_through": "who introduced you",
        "story": "how you met, in words",
    },
    "Other": {
        "uid": "number that tells them apart",
        KEEP: "keep it with the contact",
    },
}  # fmt: skip
FIELDS = {key: title for group in GROUPS.values() for key, title in group.items()}
# One of these must be among the columns: without, a line is nobody.
NEEDED = frozenset({"full_name", "given_name", "family_name", "nickname", "email"})
