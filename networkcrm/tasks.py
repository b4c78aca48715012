from django.tasks.backends.immediate import ImmediateBackend as ProcrastinateBackend  # noqa: F401
