# The packages, each as its hash in requirements.txt says.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.txt .
RUN uv venv /app/.venv \
 && uv pip sync --python /app/.venv --require-hashes --compile-bytecode --no-cache requirements.txt

FROM python:3.13-slim
RUN useradd --system --create-home --home-dir /data networkcrm
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY manage.py ./
COPY templates templates
COPY static static
COPY networkcrm networkcrm
COPY contacts contacts
COPY events events
COPY connections connections
COPY followups followups
RUN .venv/bin/python -m compileall -q networkcrm contacts events connections followups
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NETWORKCRM_HOME=/data
USER networkcrm
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=1s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# Without DATABASE_URL it brings its own database, in /data.
CMD ["python", "manage.py", "up", "--host", "0.0.0.0"]
