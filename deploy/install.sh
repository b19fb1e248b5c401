#!/bin/sh
# Cài Một Cửa trên Linux: tìm Python 3.11 trở lên rồi giao cho install.py. Ví dụ: sudo sh deploy/install.sh
here=$(cd "$(dirname "$0")" && pwd)
for python in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" "$here/install.py" "$@"
    fi
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -q && apt-get install -qy python3 python3-venv || exit 1
    exec python3 "$here/install.py" "$@"
fi
echo 'Cần Python 3.11 trở lên, có venv. Trên Debian, Ubuntu: sudo apt-get install python3 python3-venv' >&2
exit 1
