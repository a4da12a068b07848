#!/bin/sh
# Starts the broker in its container with the one user of the platform. A definitions file can hold a password
# only as a salted hash, and the image should hold none at all, so the hash is made here, from the environment.
set -eu
: "${KPI_AMQP_PASSWORD:?a password for the broker}"

template=${1:?usage: start.sh TEMPLATE DEFINITIONS COMMAND...}
definitions=$2
shift 2

# RabbitMQ's form of it: base64 of 4 bytes of salt and the SHA-256 of salt and password.
hash=$(erl +fnu -noinput -boot no_dot_erlang -eval '
    Password = unicode:characters_to_binary(os:getenv("KPI_AMQP_PASSWORD")),
    Salt = crypto:strong_rand_bytes(4),
    Digest = crypto:hash(sha256, <<Salt/binary, Password/binary>>),
    io:put_chars(base64:encode(<<Salt/binary, Digest/binary>>)),
    halt().')
sed "s|@PASSWORD_HASH@|$hash|" "$template" >"$definitions"
chmod 400 "$definitions"
if [ "$(id -u)" = 0 ]; then chown rabbitmq "$definitions"; fi
unset KPI_AMQP_PASSWORD hash
exec "$@"
