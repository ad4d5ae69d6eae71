# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate. No compiler, no Node and no embedded servers in what is shipped.

FROM node:24-bookworm-slim AS node

FROM python:3.12-slim-bookworm AS assets
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
WORKDIR /src
COPY frontend/ frontend/
COPY static/ static/
COPY templates/ templates/
RUN python frontend/build.py

FROM python:3.12-slim-bookworm AS packages
COPY requirements/runtime.txt /requirements.txt
RUN python -m venv /opt/samvirke \
 && /opt/samvirke/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.12-slim-bookworm AS runtime
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core gettext \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin samvirke
ENV PATH=/opt/samvirke/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=coordination.settings.production \
    XDG_CACHE_HOME=/tmp/cache
COPY --from=packages /opt/samvirke /opt/samvirke
WORKDIR /app
COPY . .
COPY --from=assets /src/static/vendor static/vendor
COPY --from=assets /src/templates/icons templates/icons
# Messages and static files are made now, with random keys that are gone when the line ends; the image is read-only when it runs.
RUN { [ ! -d locale ] || deploy/throwaway-env.sh python manage.py compilemessages; } \
 && deploy/throwaway-env.sh python manage.py collectstatic --no-input \
 && python -m compileall -q .
USER 10001:10001
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", \
     "--no-ws", "--workers-lifetime", "6h", "coordination.wsgi:application"]
