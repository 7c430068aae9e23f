#!/bin/sh
# Runs when the pinned Node cannot start. What a bare Linux lacks is libatomic: installed where that is ours to do.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Node 26 needs libatomic1, which is missing: installing it." >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libatomic1 >/dev/null
fi
node -e 0 && exit 0
echo "The Node that Motograph runs on cannot start on this machine; the line above says why." >&2
echo "If it names libatomic.so.1: apt-get install libatomic1 (Debian, Ubuntu) or dnf install libatomic, then npm ci again." >&2
exit 1
