#!/bin/sh
# Makes sure that what Braid builds with is there: on Debian and Ubuntu it installs what is missing (as root, or with
# sudo where that asks nothing); elsewhere it says what to install.
set -eu

if ! command -v swift >/dev/null 2>&1; then
    echo "Braid needs Swift 6.1 or later, and no 'swift' is on the PATH. Install it from swift.org, then run make again." >&2
    exit 1
fi

if [ "$(uname -s)" = Darwin ]; then
    # The system has SQLite, libxml2, CryptoKit and Accelerate; libarchive comes without headers, so Homebrew's is taken.
    command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libarchive || {
        echo "Braid reads archives with libarchive: run 'brew install pkg-config libarchive', then make again with" >&2
        echo "    export PKG_CONFIG_PATH=\"\$(brew --prefix libarchive)/lib/pkgconfig\"" >&2
        exit 1
    }
    # Fetching the default model needs Python.
    command -v python3 >/dev/null 2>&1 || {
        echo "Braid fetches its default model with Python: run 'brew install python', then run make again." >&2
        exit 1
    }
    exit 0
fi

missing=""
need() { [ -e "$1" ] || missing="$missing $2"; }
need /usr/include/sqlite3.h libsqlite3-dev
need /usr/include/openssl/evp.h libssl-dev
need /usr/include/archive.h libarchive-dev
need /usr/include/libxml2/libxml/xmlreader.h libxml2-dev
# OpenBLAS lies in the folder of the machine's architecture.
[ -n "$(find /usr/lib /usr/lib64 /usr/local/lib -name libopenblas.so 2>/dev/null | head -n 1)" ] ||
    missing="$missing libopenblas-dev"
command -v pkg-config >/dev/null 2>&1 || missing="$missing pkg-config"
command -v git >/dev/null 2>&1 || missing="$missing git"
python3 -m pip --version >/dev/null 2>&1 || missing="$missing python3-pip"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "These Debian packages, or what your system calls them, are missing:$missing. Install them, then run make again." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    run=""
elif sudo -n true 2>/dev/null; then
    run="sudo -n"
else
    echo "Packages are missing. Type this, then run make again:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y$missing" >&2
    exit 1
fi
echo "Installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # both lists are words on purpose
$run apt-get update -q >/dev/null && $run apt-get install -qy --no-install-recommends $missing >/dev/null
