# The contact centre, without root. FreeSWITCH reads the files it writes, so both run as the same user.
FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install --yes --no-install-recommends espeak-ng \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -m 0700 -o 10001 -g 10001 /var/lib/acd /conf
WORKDIR /app
COPY pyproject.toml README.md ./
COPY acd acd
COPY softswitch softswitch
COPY freeswitch_conf freeswitch_conf
RUN pip install --no-cache-dir --editable '.[postgresql]'
COPY ivr_flows ivr_flows
USER 10001:10001
ENV PYTHONUNBUFFERED=1 ACD_HOME=/var/lib/acd ACD_CONFIG=/app/config
ENTRYPOINT ["acd"]
CMD ["run"]
