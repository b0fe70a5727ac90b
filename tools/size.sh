#!/bin/sh
# Weighs two fresh environments, in a folder of their own: what the product runs on may take 950 MB,
# and what tests and linters need may add 250. Takes up to a minute.
set -eu
cd "$(dirname "$0")/.."
. tools/uv.sh

place=.uv/size
trap 'rm -rf "$place"' EXIT

weigh() { # weigh LOCK: prints the megabytes of an environment with what LOCK says
    rm -rf $place
    $UV venv --quiet --no-project --python "$(cat .python-version)" $place
    fill $place "$1" 2>/dev/null
    compile_imported $place
    du -sm $place | cut -f 1
}

run=$(weigh requirements.lock)
dev=$(weigh requirements-dev.lock)
echo "run time: $run MB of 950; development tools: $((dev - run)) MB of 250"
[ "$run" -le 950 ] && [ $((dev - run)) -le 250 ]
