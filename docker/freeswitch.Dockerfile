# FreeSWITCH from Alpine's own packages, and nothing else: no shell, no busybox, no other program that a command could start
# (FAULTS S03: what stands in for the list of commands, which releases before 1.11.2 do not know).
ARG ALPINE=3.22
FROM alpine:${ALPINE} AS packages
RUN apk add --no-cache freeswitch tzdata \
 && install -d -m 0700 -o 10001 -g 10001 /made/var/lib/freeswitch/log /made/var/lib/freeswitch/db \
      /made/var/lib/freeswitch/run /made/var/lib/freeswitch/certs \
 && install -d -m 1777 /made/tmp \
 && install -d /made/etc \
 && echo 'freeswitch:x:10001:10001::/var/lib/freeswitch:/nonexistent' > /made/etc/passwd \
 && echo 'freeswitch:x:10001:' > /made/etc/group \
 && chown -R 10001:10001 /made/var/lib/freeswitch

FROM scratch
COPY --from=packages /lib /lib
COPY --from=packages /usr/lib /usr/lib
COPY --from=packages /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=packages /usr/bin/freeswitch /usr/bin/freeswitch
COPY --from=packages --chown=10001:10001 /made/var/lib/freeswitch /var/lib/freeswitch
COPY --from=packages /made/tmp /tmp
COPY --from=packages /made/etc /etc
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/freeswitch", "-nonat", "-nc", "-nf", "-np"]
CMD ["-conf", "/conf", "-log", "/var/lib/freeswitch/log", "-db", "/var/lib/freeswitch/db", "-run", "/var/lib/freeswitch/run", "-certs", "/var/lib/freeswitch/certs", "-temp", "/tmp"]
