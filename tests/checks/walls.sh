#!/usr/bin/env bash
# Who may know whom, and what no file may hold. Prints each offending line as file:line: text and exits 1.
#   walls.sh [ROOT]      checks a source tree (this one by default)
#   walls.sh --seeded    checks itself: one defect for each wall, each of which has to turn it red
set -uo pipefail
shopt -s lastpipe  # report() runs in this shell, and so can say that something was found
self=$(readlink -f "$0")
style=$(dirname "$self")/../../.clang-format
code='\.(cpp|hpp|h|c)$'
found=0

# files REGEX: the tree's own files whose path matches, without what is built or fetched
files() {
  local all
  if [ -e "$root/.git" ]; then all=$(git -C "$root" ls-files -co --exclude-standard)
  else all=$(cd "$root" && find . -type f -printf '%P\n'); fi
  printf '%s\n' "$all" | grep -vE '(^|/)(build|node_modules)/' | grep -E -- "$1" | sort
}

# report WALL: what comes in on stdin are offences of that wall
report() {
  local lines; lines=$(cat)
  [ -z "$lines" ] && return 0
  found=1
  printf '%s:\n%s\n' "$1" "$(printf '%s\n' "$lines" | sed 's/^/  /')"
}

# grep_in PATTERN: greps the files listed on stdin, as file:line:text
grep_in() { (cd "$root" && xargs -r -d '\n' grep -HnP -- "$1" 2>/dev/null); }

# The same without // comments, which may speak of anything.
grep_code() { grep_in "$1" | grep -P -- "^[^:]+:[0-9]+:((?!//).)*($1)"; }

# heavy WALL HEADERS FOLDERS: only these folders include those headers
heavy() { files "$code" | grep -vE "^($3)/" | grep_in "^\s*#\s*include\s*[<\"]($2)" | report "$1"; }

check() {
  heavy "Pistache fuera de kernel/http" 'pistache/' 'kernel/http'
  heavy "libpqxx o libpq fuera de kernel/db" 'pqxx/|libpq-fe' 'kernel/db'
  heavy "Asio fuera de http, supervisor, net y jobs" 'boost/asio|boost/beast' 'kernel/(http|supervisor|net|jobs)'
  heavy "yaml-cpp fuera de kernel/config" 'yaml-cpp/' 'kernel/config'
  files "^(plugins|sdk)/.*$code" | grep_in '#\s*include\s*[<"](\.\./)*kernel/' | report "Un complemento o el SDK incluye una cabecera del núcleo"
  files "^sdk/include/.*$code" | grep_in '#\s*include\s*<(boost|fmt|pqxx|yaml-cpp|pistache|sodium|openssl)' | report "El SDK depende de una biblioteca"

  local ids; ids=$(files '^plugins/[^/]+/.' | cut -d/ -f2 | sort -u | paste -sd'|')
  [ -z "$ids" ] || files "^kernel/.*$code" | grep -v '_test\.cpp$' | grep_code "\"($ids)(\"|[/:.])|plugins/($ids)\\b" |
    report "El núcleo nombra un complemento"
  files "$code" | grep_code 'Http::Endpoint|Tcp::Listener' | report "El transporte de Pistache"

  files '\.(cpp|hpp|h|c|sh|cmake|py|js|mjs|css|sql|mustache)$|CMakeLists\.txt$' |
    (cd "$root" && xargs -r -d '\n' wc -l) | awk '$2 != "total" && $1 > 400 {print $2 ": " $1 " líneas"}' |
    report "Archivos de más de 400 líneas"

  files '^(kernel|plugins|sdk|themes|packaging)/.*README\.md$' | (cd "$root" && xargs -r -d '\n' wc -l) | awk '$2 != "total" && $1 > 30 {print $2 ": " $1 " líneas"}' |
    report "README de carpeta de más de 30 líneas"

  # Spelled in pieces, so that this file does not accuse itself.
  local machine="(?<![\w.\$}/-])/(wor""k|ho""me|ro""ot)/[\w.]|(?<![\w.\$}-])/t""mp/[A-Za-z0-9]"
  files '.' | grep_in "$machine" | grep -aIv '^Binary' | report "Rutas de una máquina"
  local hosts="npm""js\.(org|com)|py""pi\.org|python""hosted\.org|deb\.deb""ian\.org|crates""\.io|proxy\.gol""ang|ruby""gems\.org"
  files '.' | grep_in "$hosts" | report "Servidores de paquetes"
  files '(^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock)$' | grep_in '"?resol''ved"?[: ]' | report "Direcciones en un archivo de versiones"

  # "f.cpp:3:8: error: code should be clang-formatted": one line a file is enough.
  files "$code" | (cd "$root" && xargs -r -d '\n' clang-format --dry-run -Werror --style="file:$style" 2>&1) |
    grep -E '^[^ ]+:[0-9]+:[0-9]+: error' | sort -u -t: -k1,1 | report "Sin el formato de la casa (packaging/dev.sh format)"

  local unfinished="\b(TO""DO|FIX""ME|XX""X|HA""CK)\b|\bst""ub\b|\bfor n""ow\b|\bnot impl""emented\b"
  files '\.(cpp|hpp|h|c|sh|cmake|py|js|mjs|css|sql|mustache|yaml)$|CMakeLists\.txt$' | grep_in "$unfinished" | report "Trabajo sin terminar"
  return $found
}

# seed WALL FILE TEXT: a tree with that one defect is refused, for that reason
seed() {
  local tree; tree=$(mktemp -d)
  mkdir -p "$tree/$(dirname "$2")" "$tree/plugins/sede"
  printf '%s\n' 'plugin' >"$tree/plugins/sede/README.md"
  printf '%b\n' "$3" >"$tree/$2"
  local out; out=$("$self" "$tree" 2>&1); local status=$?
  rm -rf "$tree"
  if [ $status -ne 1 ] || ! grep -qF "$1" <<<"$out" || ! grep -qF "$2" <<<"$out"; then
    printf 'No ve el defecto sembrado: %s (%s)\n%s\n' "$1" "$2" "$out"; failed=1
  fi
}

seeded() {
  local failed=0 lines
  seed "Pistache fuera" kernel/web/a.cpp '#include <pistache/http.h>'
  seed "libpqxx o libpq" plugins/sede/src/a.cpp '#include <pqxx/pqxx>'
  seed "libpqxx o libpq" kernel/jobs/a.cpp '#include <libpq-fe.h>'
  seed "Asio fuera" kernel/config/a.cpp '#include <boost/asio.hpp>'
  seed "yaml-cpp fuera" kernel/themes/a.hpp '#include <yaml-cpp/yaml.h>'
  seed "cabecera del núcleo" plugins/sede/src/a.cpp '#include "kernel/base/text.hpp"'
  seed "cabecera del núcleo" sdk/include/concejo/a.hpp '#include "../../kernel/base/text.hpp"'
  seed "El SDK depende" sdk/include/concejo/a.hpp '#include <fmt/format.h>'
  seed "nombra un complemento" kernel/web/a.cpp 'const auto first = find("sede");'
  seed "nombra un complemento" kernel/web/a.cpp 'render("sede/tablon");'
  seed "Sin el formato" kernel/web/a.cpp 'int  a;'
  seed "transporte de Pistache" kernel/http/a.cpp 'Pistache::Http::Endpoint endpoint(address);'
  lines=$(printf 'int a;\\n%.0s' $(seq 401))
  seed "más de 400" kernel/base/a.cpp "$lines"
  seed "README de carpeta" kernel/base/README.md "$(printf 'Una línea.\\n%.0s' $(seq 31))"
  seed "Rutas de una máquina" docs/a.md "Vaya a /wor""k/algo"
  seed "Rutas de una máquina" tests/a.sh "cat /t""mp/salida"
  seed "Servidores de paquetes" themes/a.md "https://""registry.npm""js.org/x"
  seed "archivo de versiones" themes/package-lock.json "{\"resol""ved\": \"x\"}"
  seed "Trabajo sin terminar" kernel/base/a.cpp "// TO""DO: the other half"
  seed "Trabajo sin terminar" kernel/base/a.cpp "// good enough for n""ow"
  local clean; clean=$(mktemp -d); mkdir -p "$clean/kernel/base"
  echo '// The sede is a plugin, see "sede/tablon".' >"$clean/kernel/base/a.cpp"
  "$self" "$clean" || { echo "Un árbol limpio no pasa"; failed=1; }
  rm -rf "$clean"
  return $failed
}

if [ "${1:-}" = --seeded ]; then seeded && echo "Todos los defectos sembrados se ven."; exit; fi
root=$(readlink -f "${1:-$(dirname "$self")/../..}")
if check; then echo "Los muros están en pie."; else exit 1; fi
