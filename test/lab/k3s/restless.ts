/** What of a snapshot a running k3s, its helpers and its own files, alters by itself; matched against the keys. */
export const restless =
  /^file:\/var\/lib\/rancher\/|^process:.*(k3s|rancher|curl|openssl|sha256sum|\bip -)|^file:\/run\/systemd\/notify/
