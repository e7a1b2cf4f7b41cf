#!/bin/bash
# Healthy = the broker answers a request (ApiVersions, version 0). Kafka's own tools would start a Java each time.
exec 3<>"/dev/tcp/127.0.0.1/${1:-9092}" || exit 1
printf '\0\0\0\012\0\022\0\0\0\0\0\001\377\377' >&3
# Length, correlation id 1, error code 0.
[ "$(timeout 4 head -c 10 <&3 | od -An -tx1 | tr -d ' \n' | cut -c 9-20)" = 000000010000 ]
