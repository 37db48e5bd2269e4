#!/bin/sh
# Installs the programs that some test suites need (slapd, redis-server, postgres, chromium, promtool, python3) from Debian's packages.
# Nothing is started, no question is asked, and what is already on the PATH is left alone.
#
#   sudo npm run services
set -eu

fail() {
  printf 'services: %s\n' "$1" >&2
  exit 1
}

# Debian keeps slapd in a directory that an ordinary user's PATH does not hold.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

missing=''
need() {
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need python3 python3
# Debian keeps the module that makes virtual environments apart.
python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
need slapd slapd
need ldapsearch ldap-utils
need redis-server redis-server
need promtool prometheus
# Debian keeps each version's programs in a folder of its own, outside every PATH.
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || need postgres postgresql
command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || need chromium chromium

if [ -z "$missing" ]; then
  echo 'services: slapd, ldap-utils, redis-server, postgresql, promtool, python3 and a Chromium are here already'
  exit 0
fi

command -v apt-get >/dev/null 2>&1 ||
  fail "apt-get is not here; install by the means of this system:$missing"
[ "$(id -u)" -eq 0 ] || fail "only root may install:$missing. Try: sudo npm run services"

# Debian's packages ask this file before they start a daemon; 101 means no. One that is here already, as in
# most container images, is somebody's decision and stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

# Two installers at once wait for one another instead of failing.
export DEBIAN_FRONTEND=noninteractive
lock='-o DPkg::Lock::Timeout=300'
# shellcheck disable=SC2086 # the list and the option are meant to be split
{
  apt-get $lock update -qq
  apt-get $lock install -y -qq --no-install-recommends $missing
}

# Nor shall they start with the machine: tests start their own, on free ports.
for daemon in slapd redis-server postgresql prometheus; do
  case " $missing " in
    *" $daemon "*) systemctl disable "$daemon" >/dev/null 2>&1 || update-rc.d "$daemon" disable >/dev/null 2>&1 || true ;;
  esac
done
echo "services: installed$missing"
