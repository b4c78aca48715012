"""What imports bring beside the people: how they were met, what happened, who is
what to whom. Registered with contacts.importing.extensions."""

from connections.importing.happenings import Happenings
from connections.importing.origins import Origins
from connections.importing.relations import Relations

__all__ = ["Happenings", "Origins", "Relations"]
