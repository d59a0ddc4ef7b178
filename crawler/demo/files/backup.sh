#!/bin/sh
# 밤마다 사진 폴더를 바깥 디스크로 옮겨 적는다.
set -eu
rsync -a --delete "$HOME/photos/" /mnt/backup/photos/
date '+%F %T 백업 끝' >> "$HOME/backup.log"
