#!/bin/sh
# Makes .venv/ hold exactly what a lock says, and the sentence encoder ready.
#
#   tools/setup.sh run     what `advisor` needs (requirements.lock)
#   tools/setup.sh dev     that, and what tests and linters need (requirements-dev.lock)
#
# A copy of each installed lock is kept in .venv/: while it equals the lock, there is nothing to do.
# An environment that has the development tools is good for `run` too and is left as it is.
set -eu
cd "$(dirname "$0")/.."

want=$1
venv=.venv/bin/python
here=$(pwd -P)

usable() { # an environment that was made in this very place (its scripts hold its path) and runs
    grep -qsF "$here/.venv" .venv/bin/activate &&
        $venv -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null
}

holds() { # holds run|dev: what this lock says is installed
    usable && [ -x .venv/bin/advisor ] && cmp -s requirements.lock .venv/installed.run.lock &&
        { [ "$1" = run ] || cmp -s requirements-dev.lock .venv/installed.dev.lock; }
}

prepare_encoder() {
    $venv -m bot.cli prepare-encoder >&2 || fail "the sentence encoder is not ready: the line above says why."
}

if holds "$want"; then
    [ -e "${ENCODER_DIR:-var/encoder}/verified" ] || { . tools/uv.sh; prepare_encoder; }
    exit 0
fi

# Packages that were installed for tests stay when only the run-time lock has changed.
[ "$want" = run ] && [ -e .venv/installed.dev.lock ] && want=dev
if [ "$want" = dev ]; then lock=requirements-dev.lock; else lock=requirements.lock; fi

. tools/uv.sh

if ! usable; then
    free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
    [ "${free:-9999}" -ge 2500 ] || fail "$here has $free MB free, and 2,500 are needed." \
        "Free some, then run make again."
    say "a Python 3.10 environment, in .venv/"
    $UV venv --quiet --clear --no-project --python "$(cat .python-version)" .venv ||
        fail "CPython 3.10 was found neither by pyenv nor on the system, and could not be downloaded." \
            "Install it (pyenv install 3.10, or your system's package), then run make again."
fi

rm -f .venv/installed.*lock
say "$(grep -c '^[a-z0-9]' $lock) packages of $lock, into .venv/ (up to 1 GB; 10 to 60 s," \
    "the first time on this machine some minutes)"
fill .venv $lock ||
    fail "the packages could not be installed: the lines above say why." \
        "Is there a network connection, and 2,500 MB of disk? Then run make again."
# Built apart from the environment: its setuptools cannot work with the old packaging that Rasa needs.
$UV pip install --quiet --python $venv --build-constraints requirements.lock --no-deps --editable . ||
    fail "the command 'advisor' could not be made: the lines above say why."
[ "$want" = run ] || cp requirements-dev.lock .venv/installed.dev.lock
cp requirements.lock .venv/installed.run.lock

say "the sentence encoder, into ${ENCODER_DIR:-var/encoder}/, and bytecode (5 to 15 s)"
prepare_encoder
compile_imported .venv || say "the server cannot be imported: the lines above say why."
say "done."
