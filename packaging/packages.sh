# The Debian packages that each step needs, in one place. Sourced by the other scripts.
build_packages=(
  g++ cmake ninja-build ccache mold pkg-config git gettext
  libboost1.81-dev libicu-dev
  libpistache-dev libpqxx-dev libpq-dev libyaml-cpp-dev libssl-dev libsodium-dev libfmt-dev libcli11-dev catch2
  libcairo2-dev libpango1.0-dev librsvg2-dev liblcms2-dev libqrencode-dev libarchive-dev libxlsxwriter-dev zlib1g-dev libbrotli-dev libqpdf-dev libxmlsec1-dev libxml2-dev libpg-query-dev
  python3 fonttools python3-brotli
)
run_packages=(ca-certificates postgresql-15 qpdf poppler-utils raptor2-utils fonts-dejavu-core fonts-liberation)
test_packages=(
  python3-dateutil python3-lxml prometheus clang clang-16 libclang-rt-16-dev llvm-16 clang-format libc++-dev libc++abi-dev abigail-tools nginx-light haproxy pgbouncer wrk chromium-headless-shell netpbm libxml2-utils curl openssl dpkg-dev file zstd
  openjdk-17-jdk-headless libpdfbox2-java libfontbox2-java libcommons-io-java libcommons-logging-java libjaxb-api-java libactivation-java libbcpkix-java
  libapache-jena-java python3-requests python3-openpyxl python3-feedparser gdal-bin
  libnss3-tools xmlsec1 softhsm2 opensc libengine-pkcs11-openssl swift-proxy swift-account swift-container swift-object zbar-tools
)

# What only the long run needs (tests/run.sh --full).
full_packages=(
  patroni etcd-server python3-etcd python3-psycopg2
)

# Node is taken where it is; Debian's otherwise.
command -v node >/dev/null && command -v npm >/dev/null || build_packages+=(nodejs npm)

missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

# install_packages NAME...: installs what is missing; without root or sudo says the exact line and fails.
install_packages() {
  local missing sudo=()
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo=(sudo)
    elif command -v sudo >/dev/null && [ -t 0 ]; then sudo=(sudo)
    else
      echo "Faltan paquetes de Debian. Instálelos y repita la orden:" >&2
      echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
  fi
  echo "Instalando ${#missing[@]} paquetes de Debian…"
  # Installing PostgreSQL would make and start a cluster of its own, which nobody here uses.
  if [[ " ${missing[*]} " == *" postgresql-15 "* ]]; then
    "${sudo[@]}" mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  # Everything here is wanted as a program: while it is installed, Debian's policy-rc.d says that no service starts. It goes
  # away again whatever happens meanwhile.
  local policy=/usr/sbin/policy-rc.d log failed=; log=$(mktemp)
  (
    if [ ! -e $policy ]; then
      trap '"${sudo[@]}" rm -f $policy' EXIT
      trap 'exit 130' INT TERM
      printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null; "${sudo[@]}" chmod 755 $policy
    fi
    "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}"
  ) >"$log" 2>&1 || failed=1
  if [ -n "$failed" ]; then
    tail -20 "$log" >&2
    echo "No se han podido instalar los paquetes; el registro completo está en $log" >&2
    return 1
  fi
  rm -f "$log"
}
