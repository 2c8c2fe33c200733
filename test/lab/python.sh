# Images with Python, for tools that need it on their hosts: the benchmark's peers. `--suite bookworm-python`.

python_packages=(python3 python3-apt)

# Prints the folder of the image of a suite, with or without Python.
image_with_extras() {
  case $1 in
    busybox) busybox_image ;;
    raspios) raspios_image ;;
    *-python) python_image_for "${1%-python}" ;;
    *) image_for "$1" ;;
  esac
}

# Its recipe counts apart, so that the plain images stay as they are.
python_image_for() {
  local suite=$1 image
  image=$cache/images/python-$suite-$({ recipe_hash "$suite"; cat "$here/python.sh"; } | sha256sum | cut -c1-12)
  if [[ ! -d $image ]]; then
    (
      lock_images
      image_packages+=("${python_packages[@]}")
      drop_old_images() { drop_unused_images "python-$1"; }
      [[ -d $image ]] || build_image "$suite" "$image"
    ) >&2
  fi
  echo "$image"
}

drop_unused_images() {
  local old
  for old in "$cache/images/$1"-*; do
    if [[ -d $old ]] && ! grep -qF "$old" /proc/mounts; then rm -rf --one-file-system "$old"; fi
  done
}
