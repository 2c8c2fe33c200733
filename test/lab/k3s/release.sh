#!/bin/sh
# Makes a release mirror as GitHub has it, of the stand-in:  release.sh DIR [VERSION…]
# DIR/<version>/{k3s,k3s-arm64,k3s-armhf,sha256sum-{amd64,arm64,arm}.txt}, DIR/install.sh, and DIR/stable, which
# names the version that the channel "stable" points to (the last one given). Serve it with mirror.ts.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo 'usage: release.sh DIR [VERSION…]' >&2; exit 2; }
dir=$1
shift
[ $# -ge 1 ] || set -- v1.30.4+k3s1

# one_release VERSION ARCH FILE: the program for one machine; each architecture's bytes differ.
one_release() {
    sed -e "s/^my \$K3S_STANDIN_VERSION = .*/my \$K3S_STANDIN_VERSION = '$1';/" \
        -e "s/^my \$K3S_STANDIN_ARCH  *= .*/my \$K3S_STANDIN_ARCH    = '$2';/" "$here/k3s" >"$dir/$1/$3"
    chmod 755 "$dir/$1/$3"
    # As in a real release the program is one line of several.
    images=k3s-airgap-images-$2.tar.gz
    {
        printf '%s  %s\n' "$(printf '%s' "$images" | sha256sum | cut -d' ' -f1)" "$images"
        (cd "$dir/$1" && sha256sum "$3")
    } >"$dir/$1/sha256sum-$2.txt"
}

for version in "$@"; do
    case $version in
    v[0-9]*.[0-9]*) ;;
    *) echo "release.sh: '$version' is no version, such as v1.30.4+k3s1" >&2; exit 2 ;;
    esac
    mkdir -p "$dir/$version"
    one_release "$version" amd64 k3s
    one_release "$version" arm64 k3s-arm64
    one_release "$version" arm k3s-armhf
    printf '%s\n' "$version" >"$dir/stable"
done
cp "$here/install.sh" "$dir/install.sh"
