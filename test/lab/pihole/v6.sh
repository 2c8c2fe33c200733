#!/bin/sh
# Stand-in of the pitool lab for a Pi-hole of version 6; run as root on a host, the API's program as input: v6.sh LISTS PASSWORD
set -e
mkdir -p /etc/pihole
printf 'CORE_VERSION=v6.0.5\nWEB_VERSION=v6.0.2\nFTL_VERSION=v6.0.4\n' >/etc/pihole/versions
printf '[webserver.api]\napp_sudo = true\n' >/etc/pihole/pihole.toml
printf '%s\n' "$1" >/etc/pihole/gravity.db
printf '%s' "$2" >/etc/pihole/lab-password
chmod 600 /etc/pihole/lab-password
printf '#!/bin/sh\n# Stand-in of the pitool lab.\necho "  Core version is v6.0.5 (Latest: v6.0.5)"\n' >/usr/local/bin/pihole
cat >/usr/local/lib/lab-pihole-api
chmod 0755 /usr/local/bin/pihole /usr/local/lib/lab-pihole-api
systemctl stop lab-pihole-api 2>/dev/null || true
systemd-run --quiet --unit=lab-pihole-api --collect /usr/local/lib/lab-pihole-api
