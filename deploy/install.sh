#!/usr/bin/env bash
# Installs Madang on an empty server, or upgrades it: docs/operations/install.md. Usage: deploy/install.sh --help
# DESTDIR is a folder in place of /, for tests.
set -Eeuo pipefail

HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
DESTDIR=${DESTDIR:-}
CODE=$DESTDIR/srv/madang
ETC=$DESTDIR/etc
SETTINGS=$ETC/madang/settings.env
UNITS=(madang-web.socket madang-web.service madang-worker.service madang-backup.timer madang-check.timer)
PROCESSES=(madang-web.socket madang-web.service madang-worker.service)
SOCKET=/run/madang/web.sock
READY_SECONDS=120

domain="" email="" database="" proxy=nginx tls=letsencrypt source="" is_dry="" is_upgrade="" version="" work=""
step_number=0 hint="" has_written=""

usage() {
  cat <<'END'
Usage: deploy/install.sh --domain board.example.org --email ann@example.org [options]
       deploy/install.sh --upgrade [--to VERSION] [--dry-run]

Installs Madang on a server with Debian 12, Debian 13 or Ubuntu 24.04: packages, code in /srv/madang, the user madang, a
database, settings in /etc/madang with a secret key, units of systemd, a web server with https. Each step is said before
it is done. A second run does only what is missing; settings, secrets and sites that exist are never overwritten.

  --domain NAME             name of the site, which already leads to this machine
  --email ADDRESS           where Let's Encrypt warns you of a certificate that ends; with it you accept its terms
  --database sqlite|postgresql    sqlite (default): one file; postgresql: a server on this machine
  --proxy nginx|caddy       web server in front (default: nginx)
  --tls letsencrypt|self-signed   self-signed: for a trial or a closed network; browsers warn (default: letsencrypt)
  --source FOLDER|ADDRESS   the code, in a folder or a repository of Git (default: where this script is)
  --upgrade                 bring the newest code, then replace the processes without a pause
  --to VERSION              with --upgrade: this tag or commit
  --dry-run                 print each command, and change nothing
  --help                    print this
END
}

refuse() { # SENTENCE: what is wrong and what to do, before anything has changed
  echo "install.sh: $1" >&2
  exit 2
}

step() { # SENTENCE
  step_number=$((step_number + 1))
  hint="Read the message above."
  printf '\n%s. %s\n' "$step_number" "$1"
}

already() { echo "   Nothing to do: $1"; }

note() { echo "   $1"; }

run() { # COMMAND...: print it, and run it unless this is a dry run
  {
    printf '   +'
    printf ' %q' "$@"
    echo
  } >&3
  [ -n "$is_dry" ] || "$@"
}

# shellcheck disable=SC2317 # called by the trap
stopped() { # at the end of this script, if it fails within a step
  [ "$1" -ne 0 ] || return 0
  printf '\nStopped in step %s. %s\nThen run the same command again: it goes on where it stopped.\n' \
    "$step_number" "$hint" >&2
}

write() { # MODE GROUP PATH: write standard input to a file of root, unless it holds that already
  local mode=$1 group=$2 path=$3 new
  new=$(cat; echo x)
  if [ -e "$path" ] && [ "$(cat "$path"; echo x)" = "$new" ]; then
    already "$path is there."
    return
  fi
  echo "   + write $path (root:$group, $mode)"
  has_written=yes
  [ -n "$is_dry" ] && return
  mkdir -p "$(dirname "$path")"
  (umask 077 && printf %s "${new%x}" >"$path.new")
  chown "root:$group" "$path.new"
  chmod "$mode" "$path.new"
  mv "$path.new" "$path"
}

copy() { # FROM TO
  local mode=644
  [ ! -x "$1" ] || mode=755
  write "$mode" root "$2" <"$1"
}

ours() { # the folder deploy of the installed code; of this script, while a dry run has not brought the code
  if [ -d "$CODE/deploy" ]; then echo "$CODE/deploy"; else echo "$HERE/deploy"; fi
}

has_systemd() { [ -d "$DESTDIR/run/systemd/system" ]; }

systemd() { # ARGUMENTS of systemctl; where systemd does not run, a sentence
  if has_systemd || [ -n "$is_dry" ]; then
    run systemctl "$@"
  else
    note "systemd does not run here; later: systemctl $*"
  fi
}

# --- What is asked for

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --domain | --email | --database | --proxy | --tls | --source | --to)
        [ $# -gt 1 ] || refuse "$1 wants a value. See --help."
        case $1 in
          --domain) domain=$2 ;;
          --email) email=$2 ;;
          --database) database=$2 ;;
          --proxy) proxy=$2 ;;
          --tls) tls=$2 ;;
          --source) source=$2 ;;
          --to) version=$2 ;;
        esac
        shift 2
        ;;
      --upgrade) is_upgrade=yes && shift ;;
      --dry-run) is_dry=yes && shift ;;
      --help | -h) usage && exit 0 ;;
      *) refuse "unknown option $1. See --help." ;;
    esac
  done
}

check_options() {
  local label='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  [ -n "$domain" ] || refuse "name the site: --domain board.example.org. See --help."
  [[ $domain =~ ^($label\.)+$label$ && ${#domain} -le 253 ]] ||
    refuse "'$domain' is no name of a site: small letters, digits, - and dots, such as board.example.org (without https://)."
  [[ ${database:-sqlite} =~ ^(sqlite|postgresql)$ ]] || refuse "--database is sqlite or postgresql."
  [[ $proxy =~ ^(nginx|caddy)$ ]] || refuse "--proxy is nginx or caddy."
  [[ $tls =~ ^(letsencrypt|self-signed)$ ]] || refuse "--tls is letsencrypt or self-signed."
  if [ "$tls" = letsencrypt ]; then
    [[ $email =~ ^[^[:space:]@]+@[^[:space:]@]+\.[^[:space:]@]+$ ]] ||
      refuse "Let's Encrypt wants your e-mail address: --email ann@example.org (or --tls self-signed for a trial)."
  fi
}

check_root() {
  [ -n "$is_dry" ] || [ "$(id -u)" -eq 0 ] || refuse "only root can install: run it with sudo (--dry-run needs no root)."
}

check_system() {
  local system
  system=$(sed -n -e 's/^ID=//p' -e 's/^VERSION_ID=//p' "$ETC/os-release" 2>/dev/null | tr -d '"' | sort -r | paste -s -d ' ') || true
  case $system in
    "debian 12" | "debian 13" | "ubuntu 24.04") ;;
    *) refuse "this is for Debian 12, Debian 13 and Ubuntu 24.04, not '${system:-unknown}': docs/operations/install.md says how it is done by hand." ;;
  esac
}

check_database() { # what the settings name already is not changed by an option
  local kind
  if [ ! -r "$SETTINGS" ]; then
    database=${database:-sqlite}
    return
  fi
  kind=$(sed -nE "s/^(MADANG_)?DATABASE_URL *= *[\"']?([a-z]+)[a-z+0-9]*:.*/\2/p" "$SETTINGS" | tail -n 1)
  kind=${kind:-sqlite}
  [ "$kind" != postgres ] || kind=postgresql
  [ -z "$database" ] || [ "$kind" = "$database" ] ||
    refuse "/etc/madang/settings.env names a database of $kind, not $database: docs/operations/moving.md says how a site moves."
}

check_ports() {
  local other port
  command -v ss >/dev/null || return 0
  for port in 80 443; do
    other=$(ss -Hltnp "sport = :$port" | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
    [ -z "$other" ] || [ "$other" = "$proxy" ] ||
      refuse "'$other' listens at port $port already: stop it, or choose the other --proxy."
  done
}

check_name() {
  step "See whether $domain leads to a machine, since Let's Encrypt will look for it there."
  if [ "$tls" != letsencrypt ]; then
    already "a self-signed certificate needs no name server."
    return
  fi
  hint="$domain has no address: at your name provider let an A (and AAAA) record of it point to this machine, and wait some minutes."
  run getent ahosts "$domain" >/dev/null
}

# --- The steps

install_packages() {
  local wanted=(ca-certificates curl git python3 python3-venv) missing=() each
  case $proxy in
    nginx)
      wanted+=(nginx libnginx-mod-http-brotli-static)
      if [ "$tls" = letsencrypt ]; then wanted+=(certbot python3-certbot-nginx); else wanted+=(openssl); fi
      ;;
    caddy) wanted+=(caddy) ;;
  esac
  [ "$database" != postgresql ] || wanted+=(postgresql)
  step "Install packages of the system: ${wanted[*]}."
  for each in "${wanted[@]}"; do
    [ "$(dpkg-query -W -f='${Status}' "$each" 2>/dev/null)" = "install ok installed" ] || missing+=("$each")
  done
  if [ ${#missing[@]} -eq 0 ]; then
    already "all are installed."
    return
  fi
  hint="See that this machine reaches the package servers (apt-get update), and on Ubuntu that 'universe' is enabled."
  run apt-get update -qq
  run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

bring_code() {
  step "Bring the code to /srv/madang."
  if [ -e "$CODE/bin/prepare" ]; then
    already "it is there; --upgrade brings a newer one."
    return
  fi
  source=${source:-$HERE}
  if [ -d "$source" ] && [ ! -e "$source/.git" ]; then
    hint="See that $source is the folder of Madang, with bin/prepare in it."
    [ -e "$source/bin/prepare" ] || { echo "$source/bin/prepare does not exist." >&2 && return 1; }
    run rm -rf "$CODE.new"
    run cp -R "$source" "$CODE.new"
    run rm -rf "$CODE.new/.venv" "$CODE.new/node_modules" "$CODE.new/instance"
  else
    hint="See that $source is the address of Madang's repository, and that this machine reaches it."
    run rm -rf "$CODE.new"
    run git clone --quiet "$source" "$CODE.new"
  fi
  hint="/srv/madang has something else in it: see what it is, and move it away."
  run mv -T "$CODE.new" "$CODE" # at once: half of the code never stands there
}

prepare_code() {
  local said=$work/prepare
  step "Install the Python packages and build the front end (bin/prepare), which takes a minute or two the first time."
  hint="See that this machine reaches the package index of Python and that of npm, and has 1 GB of memory and of disk."
  run "$CODE/bin/prepare" 2>&1 | tee "$said" | sed 's/^\([^ ]\)/   \1/'
  if [ -z "$is_dry" ] && [ ! -s "$said" ]; then
    already "all is there."
  fi
}

make_user() {
  step "Make the user madang, as whom the site runs."
  if id -u madang >/dev/null 2>&1; then
    already "there is one."
    return
  fi
  run useradd --system --home-dir /var/lib/madang --shell /usr/sbin/nologin madang
}

as_postgres() { runuser -u postgres -- "$@"; }

is_in_postgresql() { # TABLE NAME-COLUMN: whether it has “madang”
  command -v psql >/dev/null && [ "$(cd / && as_postgres psql -XqtAc "select 1 from $1 where $2 = 'madang'" 2>/dev/null)" = 1 ]
}

make_database() {
  if [ -z "$database" ]; then
    step "Make the database."
    already "/etc/madang/settings.env names one."
    return
  fi
  if [ "$database" = sqlite ]; then
    step "Make the database: SQLite is a file, /var/lib/madang/madang.db, which the site makes at its first start."
    already "nothing has to be installed."
    return
  fi
  step "Make the PostgreSQL user madang and its database madang. The system's user madang needs no password for it."
  hint="See whether PostgreSQL runs: pg_lsclusters (start it with: systemctl start postgresql)."
  if is_in_postgresql pg_roles rolname; then
    already "the user is there."
  else
    run runuser -u postgres -- createuser madang
  fi
  if is_in_postgresql pg_database datname; then
    already "the database is there."
  else
    run runuser -u postgres -- createdb --owner=madang --encoding=UTF8 --locale=C.UTF-8 --template=template0 madang
  fi
}

new_secret() { head -c 48 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }

write_settings() {
  step "Write the settings to /etc/madang/settings.env, with a new secret key, for root and the group madang only."
  if [ -e "$SETTINGS" ]; then
    hint="/etc/madang/settings.env is another site's: run this with its --domain, or change SITE_URL there."
    grep -Eqx "(MADANG_)?SITE_URL *= *[\"']?https://$domain/?[\"']?" "$SETTINGS" || {
      echo "SITE_URL in /etc/madang/settings.env is not https://$domain." >&2
      return 1
    }
    already "they are there, and stay as they are."
    return
  fi
  local url="" secret
  [ "$database" = sqlite ] || url="DATABASE_URL=postgresql://madang@/madang?host=/run/postgresql"
  secret=$(new_secret)
  # In a file of root, since everybody on the machine may read the arguments of a command.
  printf '%s\n' "s|^SECRET_KEY=.*|SECRET_KEY=$secret|" "s|^SITE_URL=.*|SITE_URL=https://$domain|" \
    "${url:+0,/^# DATABASE_URL=.*/s||$url|}" >"$work/settings.sed"
  sed -f "$work/settings.sed" "$(ours)/settings.env" >"$work/settings"
  write 640 madang "$SETTINGS" <"$work/settings"
}

install_command() {
  step "Install the command madang, which runs with the settings and as the user of the site."
  copy "$(ours)/madang" "$DESTDIR/usr/local/bin/madang"
}

install_units() {
  local each
  has_written=""
  for each in "$(ours)"/systemd/madang-*; do
    copy "$each" "$ETC/systemd/system/$(basename "$each")"
  done
  if [ "$proxy" = caddy ] && [ -z "$is_upgrade" ]; then
    write 644 root "$ETC/systemd/system/madang-web.socket.d/proxy.conf" <<<$'# Caddy may use the socket.\n[Socket]\nSocketGroup=caddy'
  fi
  systemd daemon-reload # always: a run that was stopped may have written them
}

is_outdated() { # UNIT...: whether one was started before its file was written, as by a run that was stopped
  local unit file started
  has_systemd || return 1
  for unit in "$@"; do
    started=$(systemctl show --property=ActiveEnterTimestamp --value --timestamp=unix "$unit")
    for file in "$ETC/systemd/system/$unit" "$ETC/systemd/system/$unit.d/proxy.conf"; do
      if [[ $started =~ ^@[0-9]+$ && -e $file ]] && [ "$(stat -c %Y "$file")" -gt "${started#@}" ]; then return 0; fi
    done
  done
  return 1
}

start_units() {
  step "Install the units of systemd and start them: the web processes, the worker, a backup each night, a check each hour."
  hint="See why: systemctl status madang-web madang-worker; journalctl -u madang-web -n 50."
  local were_active=""
  if has_systemd && are_units_active; then were_active=yes; fi
  install_units
  if [ -z "$were_active" ]; then
    systemd enable --now "${UNITS[@]}"
    has_written=""
  fi
  if [ -n "$has_written" ] || is_outdated "${PROCESSES[@]}"; then
    systemd restart "${PROCESSES[@]}"
  elif [ -n "$were_active" ]; then
    already "all run, and start with the machine."
  fi
}

are_units_active() {
  local each
  for each in "${UNITS[@]}"; do
    systemctl --quiet is-active "$each" && systemctl --quiet is-enabled "$each" >/dev/null || return 1
  done
}

get_certificate() {
  if [ "$tls" = self-signed ]; then
    step "Make a self-signed certificate for $domain."
    certificate=/etc/madang/tls/fullchain.pem key=/etc/madang/tls/privkey.pem
    if [ -e "$DESTDIR$certificate" ]; then
      already "there is one."
      return
    fi
    run mkdir -p -m 700 "$ETC/madang/tls"
    run openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" \
      -keyout "$DESTDIR$key" -out "$DESTDIR$certificate" 2>/dev/null
    return
  fi
  step "Get a certificate for $domain from Let's Encrypt; certbot's timer renews it, and nginx then reads it anew."
  certificate=/etc/letsencrypt/live/$domain/fullchain.pem key=/etc/letsencrypt/live/$domain/privkey.pem
  copy "$HERE/deploy/certbot/reload-nginx" "$ETC/letsencrypt/renewal-hooks/deploy/reload-nginx"
  if [ -e "$DESTDIR$certificate" ]; then
    already "there is one."
    return
  fi
  hint="Let's Encrypt has to reach http://$domain/: see that the name leads to this machine, and that no firewall closes ports 80 and 443."
  run certbot certonly --nginx --non-interactive --agree-tos --email "$email" --domain "$domain"
}

configure_nginx() {
  get_certificate
  step "Let nginx serve https://$domain."
  hint="See what nginx says: nginx -t; systemctl status nginx."
  local site=$ETC/nginx/sites-available/madang
  if [ -e "$site" ]; then
    already "$site is there, and stays as it is."
  else
    sed -e "s|/etc/letsencrypt/live/board\.example\.org/fullchain\.pem|$certificate|" \
      -e "s|/etc/letsencrypt/live/board\.example\.org/privkey\.pem|$key|" -e "s|board\.example\.org|$domain|g" \
      "$HERE/deploy/nginx/madang.conf" >"$work/site"
    write 644 root "$site" <"$work/site"
  fi
  copy "$HERE/deploy/nginx/brotli.conf" "$ETC/nginx/madang.d/brotli.conf"
  if [ ! -e "$ETC/nginx/sites-enabled/madang" ]; then
    run ln -s ../sites-available/madang "$ETC/nginx/sites-enabled/madang"
  fi
  # Always: a run that was stopped may have written the site.
  run nginx -q -t
  systemd reload-or-restart nginx
}

is_packages_caddyfile() {
  local sum
  sum=$(dpkg-query -W -f='${Conffiles}' caddy 2>/dev/null | awk '$1 == "/etc/caddy/Caddyfile" { print $2 }')
  [ -n "$sum" ] && [ "$(md5sum <"$ETC/caddy/Caddyfile" | cut -d ' ' -f 1)" = "$sum" ]
}

configure_caddy() {
  step "Let Caddy serve https://$domain; it gets its certificate itself."
  hint="See what Caddy says: systemctl status caddy; journalctl -u caddy -n 50."
  local file=$ETC/caddy/Caddyfile internal=""
  if grep -qs "$SOCKET" "$file"; then
    already "$file has Madang's site, and stays as it is."
  else
    if [ -e "$file" ] && ! is_packages_caddyfile; then
      hint="Add what $HERE/deploy/caddy/Caddyfile has to /etc/caddy/Caddyfile, with your name of the site."
      echo "/etc/caddy/Caddyfile has sites already, and is not overwritten." >&2
      return 1
    fi
    [ "$tls" = letsencrypt ] || internal='\n\ttls internal'
    {
      [ -z "$email" ] || printf '{\n\temail %s\n}\n\n' "$email"
      sed "s|^board\.example\.org {\$|$domain {$internal|" "$HERE/deploy/caddy/Caddyfile"
    } >"$work/site"
    write 644 root "$file" <"$work/site"
  fi
  systemd reload-or-restart caddy # always: a run that was stopped may have written the file
}

ask_until_ready() { # ARGUMENTS of curl
  run curl --silent --show-error --fail --noproxy '*' --max-time 30 --retry 60 --retry-all-errors --retry-delay 2 \
    --retry-max-time "$READY_SECONDS" --output /dev/null "$@"
}

wait_until_ready() {
  step "Wait until the site answers."
  hint="See why it does not: journalctl -u madang-web -n 50; madang check."
  if ! has_systemd && [ -z "$is_dry" ]; then
    note "systemd does not run here, so the site does not run yet."
    return
  fi
  if ! is_enabled madang-web.service; then
    already "no web processes here."
    return
  fi
  ask_until_ready --unix-socket "$SOCKET" http://localhost/readyz
  [ -z "$is_upgrade" ] || return 0
  hint="Madang answers, but $proxy does not let it through at https://$domain: systemctl status $proxy; journalctl -u $proxy -n 50."
  local any=()
  [ "$tls" = letsencrypt ] || any=(--insecure)
  ask_until_ready "${any[@]}" --resolve "$domain:443:127.0.0.1" "https://$domain/readyz"
}

print_setup_code() {
  step "Make a code for the setup page; codes of earlier runs become invalid."
  local said
  if [ -n "$is_dry" ]; then
    run madang setup-code
    return
  fi
  hint="See what is wrong: madang check."
  if said=$("$DESTDIR/usr/local/bin/madang" setup-code); then
    printf '\nOpen https://%s/setup and enter this code: %s\nIt makes you the administrator. Later: madang setup-code prints another one.\n' "$domain" "$said"
  else
    already "the site is set up (or see the message above)."
    printf '\nThe site: https://%s/\n' "$domain"
  fi
}

upgrade_code() {
  step "Bring the ${version:-newest} code to /srv/madang."
  hint="Without a branch (after a rollback): git -C /srv/madang checkout main. Own changes: git -C /srv/madang stash."
  [ -n "$is_dry" ] || [ -e "$CODE/bin/prepare" ] || { echo "There is no Madang in /srv/madang yet: install it first." >&2 && return 1; }
  run git -C "$CODE" diff --quiet HEAD
  if [ -n "$version" ]; then
    run git -C "$CODE" fetch --quiet --tags
    run git -C "$CODE" -c advice.detachedHead=false checkout --quiet "$version"
  else
    run git -C "$CODE" pull --quiet --ff-only
  fi
}

is_enabled() { [ -n "$is_dry" ] || ! has_systemd || systemctl --quiet is-enabled "$1" >/dev/null; }

replace_processes() {
  step "Upgrade the database, after a snapshot of it, and replace the processes without a pause."
  hint="The old processes go on. See why the new ones do not start: journalctl -u madang-web -n 50."
  install_units
  if ! is_enabled madang-web.service; then
    note "This machine has no web processes."
  elif [ -n "$has_written" ] || is_outdated madang-web.service; then
    note "Units have changed: requests wait in the socket for some seconds."
    systemd restart madang-web.service
  else
    systemd reload-or-restart madang-web.service
  fi
  if is_enabled madang-worker.service; then
    systemd restart madang-worker.service
  else
    note "This machine has no worker."
  fi
}

print_version() {
  [ -n "$is_dry" ] || printf '\nReady: %s. Back to the version before: docs/operations/upgrading.md.\n' \
    "$("$DESTDIR/usr/local/bin/madang" --version)"
}

install() {
  check_name
  install_packages
  bring_code
  prepare_code
  make_user
  make_database
  write_settings
  install_command
  start_units
  if [ "$proxy" = nginx ]; then configure_nginx; else configure_caddy; fi
  wait_until_ready
  print_setup_code
}

upgrade() {
  upgrade_code
  prepare_code
  install_command
  replace_processes
  wait_until_ready
  print_version
}

main() {
  exec 3>&1
  read_options "$@"
  [ ! -d "$source" ] || source=$(cd "$source" && pwd)
  cd /
  [ -n "$is_upgrade" ] || check_options
  check_root
  check_system
  if [ -z "$is_upgrade" ]; then
    check_database
    check_ports
  fi
  work=$(mktemp -d)
  trap 'stopped $?; rm -rf "$work"' EXIT
  if [ -n "$is_upgrade" ]; then upgrade; else install; fi
  exit 0
}

main "$@"
