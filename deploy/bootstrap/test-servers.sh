#!/bin/sh
# Installs the servers that the tests start for themselves. Debian starts a server when its package is
# installed; that is prevented here, because the tests want the programs only.
set -eu

missing=
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="postgresql"
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || command -v rabbitmq-server >/dev/null || missing="$missing rabbitmq-server"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "The tests need these programs, please install them: $missing" >&2
    exit 1
fi
if [ "$(id -u)" != 0 ]; then
    echo "The tests need $missing: run \`make test-servers\` as root (or: sudo make test-servers)" >&2
    exit 1
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
install() {
    # shellcheck disable=SC2086 # one word per package
    apt-get install -y -qq --no-install-recommends $missing
}
# A machine whose package lists are fresh is spared the update.
install >/dev/null 2>&1 || { apt-get update -qq && install; }
echo "installed: $missing"
