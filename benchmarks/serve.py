"""Serve with the settings of DJANGO_SETTINGS_MODULE, by the web server that `up` uses.

python -m benchmarks.serve PORT
"""

import sys

from networkcrm import server
from networkcrm.wsgi import application


def main(port: int) -> None:
    from networkcrm import database

    web = server.WebServer("127.0.0.1", port, access_log=False)
    herald = server.Herald(web, ready=lambda: None, every_second=lambda: None)
    with database.ready():
        # A copy that lay about may be older than the code.
        database.migrate()
        web.run(application, on_startup=herald.watch_signals)


if __name__ == "__main__":
    main(int(sys.argv[1]))
