# One image for every service and role; what a container does is its command (see docker-compose.yml).
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/nrem
COPY requirements.lock deploy/containers/without-servers.sed ./
# The servers that `nrem demo` brings along (PostgreSQL, Java, Kafka's jars) are containers here.
RUN sed -f without-servers.sed requirements.lock > containers.lock \
 && /opt/nrem/bin/pip install --require-hashes --no-deps -r containers.lock
COPY shared shared
COPY services services
COPY embedded embedded
RUN /opt/nrem/bin/pip install --no-deps --no-build-isolation ./shared ./services/* ./embedded \
 && /opt/nrem/bin/pip uninstall --yes hatchling pip setuptools

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="NREM platform" org.opencontainers.image.licenses="EUPL-1.2"
RUN groupadd --gid 10001 nrem \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin nrem \
 && install -d -o 10001 -g 10001 -m 0700 /state /evidence
COPY --from=build /opt/nrem /opt/nrem
COPY deploy/containers/*.py /opt/nrem/containers/
COPY data /opt/nrem/data
ENV PATH=/opt/nrem/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NREM_DATA=/opt/nrem/data
USER 10001:10001
WORKDIR /opt/nrem
EXPOSE 8000
CMD ["python", "-m", "nrem_intake", "--help"]
