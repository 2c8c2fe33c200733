#!/bin/sh
# Stand-in of the pitool lab for an installed Pi-hole of version 5; run as root on a host: v5.sh LISTS
set -e
id pihole >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin pihole
mkdir -p /etc/pihole /etc/dnsmasq.d
chown pihole:pihole /etc/pihole
printf 'CORE_VERSION=v5.18.3\nWEB_VERSION=v5.21\nFTL_VERSION=v5.25.2\n' >/etc/pihole/versions
printf 'PIHOLE_INTERFACE=eth0\nPIHOLE_DNS_1=1.1.1.1\n' >/etc/pihole/setupVars.conf
printf '%s\n' "$1" >/etc/pihole/gravity.db
chown pihole:pihole /etc/pihole/gravity.db
chmod 664 /etc/pihole/gravity.db
printf '192.0.2.1 %s.lan\n' "$1" >/etc/pihole/custom.list
cat >/usr/local/bin/pihole <<'END'
#!/bin/sh
# Stand-in of the pitool lab.
case ${1-} in
  restartdns) echo "$*" >>/run/pihole-restarts ;;
  version | -v) echo '  Pi-hole version is v5.18.3 (Latest: v5.18.3)' ;;
  *) exit 1 ;;
esac
END
chmod 0755 /usr/local/bin/pihole
