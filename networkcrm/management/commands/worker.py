import signal
import threading
from typing import Any

from networkcrm import files
from networkcrm.management.base import JSONCommand
from networkcrm.worker import WorkerThread


class Command(JSONCommand):
    help = "Run the jobs that `up --no-worker` leaves to another process."

    def run(self, **options: Any) -> dict[str, Any]:
        asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: asked.set())
        files.check()
        worker = WorkerThread()
        worker.start()
        worker.ready.wait(10)
        self.stdout.write("The worker is ready.")
        self.stdout.flush()
        asked.wait()
        return {"stopped": True, "idle": worker.stop(patience=60)}
