#!/bin/sh
# Fits bot/knowledge/adapter.npz anew: what the sentence encoder is taught about our subjects. It
# takes three hours of one core, and PyTorch in var/adapter/ (5 GB), and is worth it after many wordings
# have been added. Then: advisor publish, python -m bot.knowledge.weigh, advisor tune, advisor train.
set -eu
cd "$(dirname "$0")/.."

place=var/adapter
lock=requirements-adapter.lock

. tools/uv.sh
if ! cmp -s $lock $place/installed.lock; then
    say "$(grep -c '^[a-z0-9]' $lock) packages of $lock, into $place/ (5 GB; some minutes)"
    mkdir -p var
    $UV venv --quiet --clear --no-project --python "$(cat .python-version)" $place ||
        fail "CPython 3.10 was found neither by pyenv nor on the system, and could not be downloaded."
    fill $place $lock || fail "PyTorch could not be installed: the lines above say why."
    cp $lock $place/installed.lock
fi
.venv/bin/advisor prepare-encoder
.venv/bin/python tools/adapter/wordings.py $place/wordings.json
PYTHONPATH=. $place/bin/python tools/adapter/fit.py $place/wordings.json "${ENCODER_DIR:-var/encoder}" \
    bot/knowledge/adapter.npz "$@"
