#!/bin/sh
# 在不联网的 Linux 电脑上安装 hotline-tools：./install.sh [目录] [Python]
# 目录默认 ./hotline；Python 默认依次找 python3.13、python3.12、python3.11、python3。
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
place=${1:-$PWD/hotline}
fit() { "$1" - "$here" <<'P' 2>/dev/null
import pathlib, sys
wanted = pathlib.Path(sys.argv[1], "requirements-%d.%d.txt" % sys.version_info[:2])
sys.exit(0 if wanted.exists() else 1)
P
}
python=
for name in ${2:-python3.13 python3.12 python3.11 python3}; do
    if command -v "$name" >/dev/null && fit "$name"; then python=$name; break; fi
done
if [ -z "$python" ]; then
    echo "没有找到合用的 Python：本安装包适用 $(cd "$here" && ls requirements-*.txt | sed 's/requirements-//; s/.txt//' | tr '\n' ' ')" >&2
    exit 1
fi
"$python" -m venv --without-pip "$place"
set -- "$here"/wheels/pip-*.whl
PYTHONPATH=$1 "$place/bin/python" -m pip install -q --no-index --find-links "$here/wheels" \
    -r "$here/requirements-$("$place/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt" hotline-tools
echo "已装好。试一试：$place/bin/hotline demo 演示"
