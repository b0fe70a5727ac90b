#!/bin/sh
# Renews the five locks: the newest versions that requirements*.in and requirements.override admit.
#
#   tools/lock.sh          every package is looked at anew
#   tools/lock.sh keep     pins that still fit are kept, as after adding one package
#
# A lock names no host: where packages come from is each machine's own business, the hashes decide.
# The old locks stay until all the new ones are made and looked through.
set -eu
cd "$(dirname "$0")/.."
. tools/uv.sh

new=.uv/new-locks
rm -rf $new
mkdir -p $new
trap 'rm -rf "$new"' EXIT
cp requirements*.in requirements.override requirements.exclude $new/
if [ "${1:-}" = keep ]; then cp requirements*.lock $new/; fi

compile() { # compile NAME ARGUMENT...: resolves NAME.in to NAME.lock
    name=$1
    shift
    say "$name.lock (10 to 60 s)"
    # Run in the folder of the copies: the comments in a lock quote the paths given here.
    (cd $new && "$here/$UV" pip compile --quiet --no-header --universal --generate-hashes \
        --no-emit-index-url --no-emit-find-links "$@" "$name.in" -o "$name.lock") ||
        fail "$name.in could not be resolved: the lines above say why. The locks are as they were."
}

here=$(pwd -P)
compile requirements-uv --python-version 3.8
compile requirements --python-version 3.10 --excludes requirements.exclude --overrides requirements.override
compile requirements-dev --python-version 3.10 --excludes requirements.exclude \
    --overrides requirements.override -c requirements.lock
compile requirements-peers --python-version 3.10
compile requirements-adapter --python-version 3.10

if grep -n '://' $new/*.lock >&2; then
    fail "the lines above name a host, which no lock may. The locks are as they were."
fi
mv $new/*.lock .
say "done: look at 'git diff --stat', then run make test."
