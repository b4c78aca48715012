from typing import Any

from contacts.search_rows import reindex
from networkcrm.management.base import OwnerCommand


class Command(OwnerCommand):
    help = "Make the search rows of an owner anew, from what they are made of."

    def run(self, **options: Any) -> dict[str, Any]:
        return reindex(options["owner"].pk)
