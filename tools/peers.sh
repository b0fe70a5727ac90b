#!/bin/sh
# Makes var/peers/ hold what requirements-peers.lock says: Rasa with TensorFlow, which
# bench/understanding.py measures the product beside, and nothing else ever uses. 2.5 GB.
set -eu
cd "$(dirname "$0")/.."

peers=var/peers
lock=requirements-peers.lock

if cmp -s $lock $peers/installed.lock && $peers/bin/python -c '' 2>/dev/null; then exit 0; fi

. tools/uv.sh
say "$(grep -c '^[a-z0-9]' $lock) packages of $lock, into $peers/ (2.5 GB; some minutes the first time)"
mkdir -p var
$UV venv --quiet --clear --no-project --python "$(cat .python-version)" $peers ||
    fail "CPython 3.10 was found neither by pyenv nor on the system, and could not be downloaded."
fill $peers $lock ||
    fail "the peers could not be installed: the lines above say why. What needs them is not measured."
cp $lock $peers/installed.lock
