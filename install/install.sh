#!/bin/sh
# Installs tercet for one user. Needs nothing but a POSIX shell, gzip, and one of curl, wget and Python.
#
#     curl -sSL BASE/install.sh | sh
#     curl -sSL BASE/install.sh | sh -s -- --as-poetry
#     sh install.sh --uninstall
#
# Options, each with its variable:
#     --version X.Y.Z     TERCET_VERSION          this release (default: the newest)
#     --preview           TERCET_PREVIEW=1        pre-releases count
#     --home DIR          TERCET_HOME             where it goes (default: ~/.tercet)
#     --base-url URL      TERCET_BASE_URL         where releases are
#     --as-poetry         TERCET_AS_POETRY=1      also put `poetry` on PATH
#     --no-modify-path    TERCET_NO_MODIFY_PATH=1 leave the shells' files alone
#     --uninstall                                 take it all away again
#     --quiet                                     print errors only
#
# A release is the folder BASE/X.Y.Z: SHA256SUMS, SHA256SUMS.sig (ECDSA P-256 by the release key) and one gzip file a platform.
# BASE/latest and BASE/preview hold a version. Nothing is changed before the download was checked and has run once.
# (Three single quotes in a row must not occur below: get-tercet.py holds this text in a Python string.)

set -eu
umask 022

base_url='@BASE_URL@'
public_key='@PUBLIC_KEY@'
nl='
'

say() { [ "$quiet" = 1 ] || echo "$1"; }
warn() { echo "warning: $1" >&2; }
fail() {
  echo "error: $1" >&2
  [ $# -lt 2 ] || echo "hint: $2" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

main() {
  quiet=0
  uninstall=0
  version=${TERCET_VERSION-}
  preview=${TERCET_PREVIEW-0}
  as_poetry=${TERCET_AS_POETRY-0}
  modify_path=1
  [ "${TERCET_NO_MODIFY_PATH-0}" = 0 ] || modify_path=0
  case $base_url in @*) base_url= ;; esac
  case $public_key in @*) public_key= ;; esac
  base_url=${TERCET_BASE_URL-$base_url}
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --home | --base-url)
        [ $# -ge 2 ] || fail "$1 needs a value"
        case $1 in
          --version) version=$2 ;;
          --home) TERCET_HOME=$2 ;;
          --base-url) base_url=$2 ;;
        esac
        shift
        ;;
      --version=*) version=${1#*=} ;;
      --home=*) TERCET_HOME=${1#*=} ;;
      --base-url=*) base_url=${1#*=} ;;
      --preview) preview=1 ;;
      --as-poetry) as_poetry=1 ;;
      --no-modify-path) modify_path=0 ;;
      --uninstall) uninstall=1 ;;
      --quiet | -q) quiet=1 ;;
      --yes | -y) ;;
      --help | -h) usage && return 0 ;;
      *) fail "unknown option $1" "--help lists the options" ;;
    esac
    shift
  done

  if [ -z "${TERCET_HOME-}" ]; then
    [ -n "${HOME-}" ] || fail "HOME is not set" "name a folder: TERCET_HOME=/opt/tercet"
    TERCET_HOME=$HOME/.tercet
  fi
  case $TERCET_HOME in
    /*) ;;
    *) TERCET_HOME=$(pwd)/$TERCET_HOME ;;
  esac
  TERCET_HOME=${TERCET_HOME%/}
  for text in "$TERCET_HOME" "$base_url" "$version"; do
    case $text in
      *[\"\'\$\`\\\;]* | *"$nl"*) fail "a quote, dollar, backslash, semicolon or line break stands in: $text" ;;
    esac
  done
  if [ "$uninstall" = 1 ]; then
    remove_all
    return 0
  fi
  [ -n "$base_url" ] || fail "no address to install from" "name it: TERCET_BASE_URL=https://..., or --base-url"
  base_url=${base_url%/}
  install_release
}

usage() {
  echo "Installs tercet, or takes it away.

  --version X.Y.Z    this release (default: the newest)
  --preview          pre-releases count
  --home DIR         where it goes (default: ~/.tercet)
  --base-url URL     where releases are
  --as-poetry        also put 'poetry' on PATH
  --no-modify-path   leave the shells' files alone
  --uninstall        take it all away again
  --quiet            print errors only"
}

install_release() {
  find_target
  made_home=0
  [ -d "$TERCET_HOME" ] || made_home=1
  staging=$TERCET_HOME/.staging.$$
  mkdir -p "$staging" 2>/dev/null || {
    fail "cannot write to $TERCET_HOME" "choose a folder that you may write to: TERCET_HOME=/path sh install.sh"
  }
  trap 'clean_up' 0
  trap 'exit 130' 2
  trap 'exit 143' 15
  trap 'exit 129' 1

  if [ -z "$version" ]; then
    channel=latest
    [ "$preview" = 0 ] || channel=preview
    fetch "$base_url/$channel" "$staging/version" || fail "cannot read $base_url/$channel"
    read -r version <"$staging/version" || [ -n "$version" ] || fail "$base_url/$channel is empty"
  fi
  case $version in
    [0-9]*) ;;
    *) fail "this is no version: $version" ;;
  esac
  case $version in
    *[!0-9A-Za-z.+-]*) fail "this is no version: $version" ;;
  esac

  file=tercet-$target.gz
  release=$base_url/$version
  say "Downloading tercet $version ($target)"
  fetch "$release/SHA256SUMS" "$staging/SHA256SUMS" || fail "there is no release $version at $base_url"
  check_signature
  fetch "$release/$file" "$staging/$file" || fail "cannot download $release/$file" "is the disk full, or the connection lost? Nothing was changed"
  expected=$(awk -v "file=$file" '$2 == file || $2 == "*" file { print $1 }' "$staging/SHA256SUMS")
  [ -n "$expected" ] || fail "release $version has no checksum for $file"
  found=$(sha256_of "$staging/$file")
  [ "$found" = "$expected" ] || fail "the checksum of $file is wrong: expected $expected, found $found" "nothing was changed; try again, and if it stays so, tell whoever runs $base_url"
  unpack "$staging/$file" "$staging/tercet" || fail "cannot unpack $file" "is the disk full? Nothing was changed"
  chmod 755 "$staging/tercet"
  answer=$("$staging/tercet" --version 2>&1) || case $answer in
    *libstdc++*) fail "the program needs the library libstdc++" "on Alpine Linux: apk add libstdc++" ;;
    *) fail "the program does not run here: $answer" "is $TERCET_HOME on a file system mounted noexec?" ;;
  esac

  write_env_files
  write_receipt
  mkdir -p "$TERCET_HOME/bin"
  for one in env env.fish env.ps1 receipt.json; do mv -f "$staging/$one" "$TERCET_HOME/$one"; done
  [ ! -f "$staging/release-key.pem" ] || mv -f "$staging/release-key.pem" "$TERCET_HOME/release-key.pem"
  mv -f "$staging/tercet" "$TERCET_HOME/bin/tercet"
  [ "$as_poetry" = 0 ] || put_poetry
  made_home=0
  [ "$modify_path" = 0 ] || add_to_shells

  say "Installed $answer in $TERCET_HOME/bin"
  case :${PATH-}: in
    *:"$TERCET_HOME/bin":*) ;;
    *) say "To use it in this shell: . $TERCET_HOME/env" ;;
  esac
}

clean_up() {
  rm -rf "$staging"
  if [ "$made_home" = 1 ]; then rmdir "$TERCET_HOME" 2>/dev/null || :; fi
}

# linux-x64 and linux-arm64, each also with -musl; darwin-x64, darwin-arm64
find_target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no tercet for the processor $machine" "it can be built from source: npm ci && npm run build" ;;
  esac
  case $system in
    Linux)
      libc=
      if has ldd && ldd --version 2>&1 | grep -qi musl; then libc=-musl; fi
      for loader in /lib/ld-musl-*; do
        if [ -e "$loader" ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ]; then libc=-musl; fi
      done
      target=linux-$machine$libc
      ;;
    Darwin)
      # A shell under Rosetta says x86_64.
      if [ "$machine" = x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" = 1 ]; then machine=arm64; fi
      target=darwin-$machine
      ;;
    MINGW* | MSYS* | CYGWIN*) fail "this is Windows" "in PowerShell: irm $base_url/install.ps1 | iex" ;;
    *) fail "there is no tercet for $system" ;;
  esac
}

# fetch URL FILE: no retry of what the server refuses, a failure leaves no file
fetch() {
  python=${TERCET_PYTHON-}
  if has curl; then
    curl -fsSL --retry 3 --connect-timeout 20 --speed-limit 100 --speed-time 60 -o "$2" "$1" || return 1
  elif has wget; then
    wget -q -O "$2" "$1" || return 1
  else
    for one in "$python" python3 python python2; do
      if [ -n "$one" ] && has "$one"; then
        "$one" -c "$fetch_py" "$1" "$2" || return 1
        return 0
      fi
    done
    fail "neither curl, wget nor Python is here" "install one of them"
  fi
}

fetch_py='
import sys
try:
    from urllib.request import urlopen
except ImportError:
    from urllib2 import urlopen
try:
    reply = urlopen(sys.argv[1], timeout=60)
    length = reply.headers.get("Content-Length")
    count = 0
    with open(sys.argv[2], "wb") as out:
        while True:
            piece = reply.read(1 << 20)
            if not piece:
                break
            count += len(piece)
            out.write(piece)
    if length is not None and count != int(length):
        raise IOError("%d of %s bytes came" % (count, length))
except Exception as error:
    sys.exit("%s: %s" % (sys.argv[1], error))
'

sha256_of() {
  if has sha256sum; then
    sha256sum <"$1" | cut -d " " -f 1
  elif has shasum; then
    shasum -a 256 <"$1" | cut -d " " -f 1
  elif has openssl; then
    openssl dgst -sha256 -r <"$1" | cut -d " " -f 1
  else
    "${TERCET_PYTHON:-python3}" -c "import hashlib,sys; print(hashlib.sha256(open(sys.argv[1],'rb').read()).hexdigest())" "$1"
  fi
}

unpack() {
  if has gzip; then
    gzip -dc <"$1" >"$2"
  else
    "${TERCET_PYTHON:-python3}" -c "import gzip,shutil,sys; shutil.copyfileobj(gzip.open(sys.argv[1]), open(sys.argv[2],'wb'))" "$1" "$2"
  fi
}

# The key of this script, or that of an earlier installation, which is not given up for a script without one.
check_signature() {
  if [ -n "$public_key" ]; then
    echo "$public_key" >"$staging/release-key.pem"
  elif [ -n "${TERCET_PUBLIC_KEY-}" ]; then
    cp "$TERCET_PUBLIC_KEY" "$staging/release-key.pem" || fail "cannot read TERCET_PUBLIC_KEY=$TERCET_PUBLIC_KEY"
  elif [ -f "$TERCET_HOME/release-key.pem" ]; then
    cp "$TERCET_HOME/release-key.pem" "$staging/release-key.pem"
  else
    return 0
  fi
  if ! has openssl; then
    [ "${TERCET_REQUIRE_SIGNATURE-0}" = 0 ] || fail "the signature cannot be checked without openssl"
    say "The signature is not checked (openssl is not here); the checksum is."
    return 0
  fi
  fetch "$release/SHA256SUMS.sig" "$staging/SHA256SUMS.sig" || fail "release $version is not signed" "nothing was changed"
  openssl dgst -sha256 -verify "$staging/release-key.pem" -signature "$staging/SHA256SUMS.sig" "$staging/SHA256SUMS" >/dev/null 2>&1 ||
    fail "the signature of release $version is wrong" "nothing was changed; tell whoever runs $base_url"
}

write_env_files() {
  bin=$TERCET_HOME/bin
  case $bin in
    "${HOME-/}"/*) bin='$HOME'${bin#"$HOME"} ;;
  esac
  echo "# tercet: its folder on PATH, once
case \":\${PATH}:\" in
  *:\"$bin\":*) ;;
  *) export PATH=\"$bin:\$PATH\" ;;
esac" >"$staging/env"
  echo "# tercet: its folder on PATH, once
if not contains \"$bin\" \$PATH
  set -gx PATH \"$bin\" \$PATH
end" >"$staging/env.fish"
  echo "# tercet: its folder on PATH, once
if (\":\$env:PATH:\" -notlike \"*:$bin:*\") { \$env:PATH = \"$bin:\$env:PATH\" }" >"$staging/env.ps1"
}

write_receipt() {
  echo "{\"schema\": 1, \"version\": \"$version\", \"target\": \"$target\", \"base_url\": \"$base_url\"}" >"$staging/receipt.json"
}

# `poetry` on PATH, and ~/.poetry as the first installers of Poetry made it, where nothing of that name is there.
put_poetry() {
  ln -sf tercet "$TERCET_HOME/bin/poetry"
  old=${HOME-}/.poetry
  [ -n "${HOME-}" ] && [ ! -e "$old" ] && [ ! -L "$old" ] && [ "$TERCET_HOME" != "$old" ] || return 0
  ln -s "$TERCET_HOME" "$old" 2>/dev/null || warn "cannot make $old"
}

mark='# added by the installer of tercet'

add_to_shells() {
  [ -n "${HOME-}" ] || return 0
  env=$TERCET_HOME/env
  case $env in "$HOME"/*) env='$HOME'${env#"$HOME"} ;; esac
  add_line "$HOME/.profile"
  for one in .bashrc .bash_profile .bash_login .zshenv; do
    [ ! -f "$HOME/$one" ] || add_line "$HOME/$one"
  done
  case ${SHELL-} in
    */zsh) [ -f "$HOME/.zshenv" ] || add_line "$HOME/.zshenv" ;;
    */bash) [ -f "$HOME/.bashrc" ] || add_line "$HOME/.bashrc" ;;
  esac
  fish=${XDG_CONFIG_HOME:-$HOME/.config}/fish
  if [ -d "$fish" ]; then
    mkdir -p "$fish/conf.d" && echo "$mark
source \"$env.fish\"" >"$fish/conf.d/tercet.fish" || warn "cannot write $fish/conf.d/tercet.fish"
  fi
}

# The mark tells whether the file ended in the middle of a line, so that --uninstall gives back the very same bytes.
add_line() {
  ! grep -qF "$mark" "$1" 2>/dev/null || return 0
  note=$mark
  gap=
  if [ ! -e "$1" ]; then
    note="$mark (new file)"
  elif [ -s "$1" ] && [ -n "$(tail -c 1 "$1")" ]; then
    note="$mark (open line)"
    gap=$nl
  fi
  if ! echo "$gap$note
. \"$env\"" >>"$1" 2>/dev/null; then warn "cannot write $1: PATH is not set there"; fi 2>/dev/null
}

remove_all() {
  if [ -n "${HOME-}" ]; then
    for one in .profile .bashrc .bash_profile .bash_login .zshenv; do
      [ ! -f "$HOME/$one" ] || remove_line "$HOME/$one"
    done
    fish=${XDG_CONFIG_HOME:-$HOME/.config}/fish/conf.d
    if [ -f "$fish/tercet.fish" ]; then
      rm -f "$fish/tercet.fish"
      rmdir "$fish" 2>/dev/null || :
    fi
    if [ -L "$HOME/.poetry" ] && [ "$(readlink "$HOME/.poetry")" = "$TERCET_HOME" ]; then rm -f "$HOME/.poetry"; fi
  fi
  if [ ! -e "$TERCET_HOME" ]; then
    say "There is no tercet in $TERCET_HOME"
    return 0
  fi
  [ -f "$TERCET_HOME/receipt.json" ] || fail "$TERCET_HOME was not made by this installer, and is left alone"
  for one in bin/tercet bin/poetry env env.fish env.ps1 receipt.json release-key.pem; do
    rm -f "$TERCET_HOME/$one" || fail "cannot remove $TERCET_HOME/$one"
  done
  rm -rf "$TERCET_HOME"/.staging.*
  rmdir "$TERCET_HOME/bin" 2>/dev/null || :
  rmdir "$TERCET_HOME" 2>/dev/null || warn "$TERCET_HOME holds other files, which stay"
  say "Removed tercet. Its cache (tercet cache, Poetry's cache folder) and the projects' environments stay."
}

remove_line() {
  grep -qF "$mark" "$1" || return 0
  kept=$(mktemp "$1.XXXXXX") || fail "cannot write beside $1"
  awk -v "mark=$mark" '
    skip { skip = 0; next }
    index($0, mark) == 1 { skip = 1; open = index($0, "(open line)") > 0; new = index($0, "(new file)") > 0; at = lines; next }
    { if (lines++) print held; held = $0 }
    END { if (lines) { if (open && lines == at) printf "%s", held; else print held } else if (new) exit 9 }
  ' "$1" >"$kept" && state=0 || state=$?
  case $state in
    0) cat "$kept" >"$1" && rm -f "$kept" ;;
    9) rm -f "$kept" "$1" ;;
    *) rm -f "$kept" && fail "cannot rewrite $1" ;;
  esac
}

main "$@"
