#!/bin/sh
# Fits anew what the sentence encoder is taught about our subjects, bot/knowledge/adapter.npz, and about
# emergencies, alarms.npz there. It takes four hours of one core, and PyTorch in var/adapter/ (5 GB), and
# is worth it after many wordings have been added. Then: advisor publish, python -m bot.knowledge.weigh,
# advisor tune, advisor train. With --further only the first is fitted, from what it is now, in an eighth
# of the time; with --alarms only the second, for which advisor tune is enough; with --alarms --further
# the second from what it is now. Each is worth it for some messages more.
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
fit() { # what to fit, the file to write, and what it is told
    script=$1 file=$2
    shift 2
    PYTHONPATH=. $place/bin/python "tools/adapter/$script.py" $place/wordings.json \
        "${ENCODER_DIR:-var/encoder}" "bot/knowledge/$file.npz" "$@"
}
case " $* " in
" --alarms "*)
    shift
    fit fit_alarms alarms "$@"
    ;;
*" --further "*) # which keeps the alarms as they are
    fit fit adapter "$@"
    ;;
*)
    fit fit adapter "$@"
    fit fit_alarms alarms "$@"
    ;;
esac
