# Puts the pinned uv into .uv/ and says how it is used. Read by the scripts here, not run by itself.
# shellcheck shell=sh

# What these name would silently change which files are taken, or their hashes. PYENV_VERSION
# makes pyenv's python3.10 exit with 127, and uv stops there instead of looking further.
unset PYENV_VERSION UV_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_DEFAULT_INDEX
export UV_NO_CONFIG=1

UV=.uv/bin/uv

say() { printf '%s\n' "set-up: $*" >&2; }
fail() { say "$*"; exit 1; }

# Prints the first Python 3.8 or newer on the PATH that can make a virtual environment with pip.
# Each folder of the PATH is looked at, because a pyenv shim may hide a system Python that works.
python_with_venv() {
    names="python3 python3.10 python3.11 python3.12 python3.13 python3.14 python3.9 python3.8 python"
    (
        IFS=:
        for folder in $PATH; do
            IFS=' '
            for name in $names; do
                if "$folder/$name" -c '
import sys
assert sys.version_info >= (3, 8)
import ensurepip, venv' 2>/dev/null; then
                    printf '%s\n' "$folder/$name"
                    exit 0
                fi
            done
        done
        exit 1
    )
}

install_uv() {
    python=$(python_with_venv) || fail "no Python 3 with the modules venv and ensurepip was found." \
        "Install one (Debian and Ubuntu: apt-get install python3-venv; Fedora: dnf install python3;" \
        "macOS: brew install python3), then run make again."
    say "the installer uv, into .uv/ (60 MB, 5 to 30 s), with $python"
    rm -rf .uv
    "$python" -m venv .uv || fail "$python could not make .uv/: the lines above say why." \
        "On Debian and Ubuntu: apt-get install python3-venv. Then run make again."
    # pip's own settings (a proxy, a mirror) stay: they are this machine's business, the hashes decide.
    .uv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: -r requirements-uv.lock ||
        fail "uv could not be installed: the lines above say why. Is there a network connection?"
    cp requirements-uv.lock .uv/installed.lock
}

# fill ENVIRONMENT LOCK: makes it hold what the lock says and nothing else.
fill() {
    # These three ship no wheels; what builds them is held to the lock's hashes too.
    $UV pip sync --python "$1/bin/python" --require-hashes --build-constraints requirements.lock \
        --only-binary :all: --no-binary randomname --no-binary docopt --no-binary mattermostwrapper "$2"
}

# compile_imported ENVIRONMENT: keeps the bytecode of what the server imports (38 MB; of everything
# it would be 112). With it a start takes 2.2 s of imports instead of 5.0, and where
# PYTHONDONTWRITEBYTECODE is set, as in many containers, no later run would keep it.
compile_imported() {
    env -u PYTHONDONTWRITEBYTECODE "$1/bin/python" -W ignore -c 'import bot.server, rasa.model_training'
}

if ! cmp -s requirements-uv.lock .uv/installed.lock || ! [ -x "$UV" ]; then install_uv; fi
