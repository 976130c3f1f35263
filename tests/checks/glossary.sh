#!/usr/bin/env bash
# Legal nouns in the names of plugins' types are in docs/glossary.md, in its column "Tipo".
#   glossary.sh [ROOT]      checks a source tree (this one by default)
#   glossary.sh --seeded    checks itself on a tree with a type that the glossary lacks
set -uo pipefail
self=$(readlink -f "$0")

check() {
  local glossary=$root/docs/glossary.md nouns=$root/tests/checks/nouns.txt bad=0
  local known listed
  known=$(awk -F'|' 'NF > 6 {print $5}' "$glossary" | grep -oE '`[A-Za-z0-9]+`' | tr -d '\140')
  listed=$(grep -v '^#' "$nouns" | tr -s ' ' '\n')
  # PascalCase names of types: "class PublishAnuncio {" -> file:line Publish Anuncio
  while IFS=: read -r file line text; do
    name=$(sed -E 's/^\s*(struct|class|enum class|enum)\s+([A-Za-z0-9]+).*/\2/' <<<"$text")
    for word in $(sed -E 's/([a-z0-9])([A-Z])/\1 \2/g' <<<"$name"); do
      grep -qxF "$word" <<<"$listed" || continue
      # "CodigoIne" answers for Ine: the glossary may hold the whole compound
      grep -qxE "$word|$name|[A-Za-z]*$word" <<<"$known" && continue
      echo "${file#"$root"/}:$line: «$name»: «$word» no está en docs/glossary.md (columna Tipo)"; bad=1
    done
  done < <(grep -rnE --include='*.hpp' --include='*.cpp' '^\s*(struct|class|enum class|enum)\s+[A-Z][A-Za-z0-9]*\b[^;]*(\{|:|$)' \
             "$root"/plugins/*/src "$root"/sdk/examples/*/src 2>/dev/null)
  # And the other way round: a row without its meaning helps nobody.
  awk -F'|' -v file=docs/glossary.md '/^\| / && NR > 1 && $2 !~ /Término/ && ($4 ~ /^ *$/ || NF != 8) \
    {print file ":" NR ": fila incompleta"; bad = 1} END {exit bad}' "$glossary" || bad=1
  return $bad
}

seeded() {
  local tree failed=0 out; tree=$(mktemp -d)
  mkdir -p "$tree"/docs "$tree"/tests/checks "$tree"/plugins/sede/src
  cp "$(dirname "$self")/nouns.txt" "$tree/tests/checks/"
  printf '| Término | Norma | Qué es | Tipo | SQL | URL |\n|---|---|---|---|---|---|\n| Edicto | art. 44 | Anuncio | `Edicto` | — | — |\n' >"$tree/docs/glossary.md"
  echo 'class PublishEdicto {' >"$tree/plugins/sede/src/a.hpp"
  "$self" "$tree" >/dev/null || { echo "Un árbol limpio no pasa"; failed=1; }
  echo 'struct SubvencionRepository {' >"$tree/plugins/sede/src/b.hpp"
  out=$("$self" "$tree"); [ $? -eq 1 ] && grep -q 'b.hpp:1.*Subvencion' <<<"$out" || { echo "No ve el tipo sembrado: $out"; failed=1; }
  rm "$tree/plugins/sede/src/b.hpp"; printf '| Pleno | art. 22 |  | `Pleno` | — | — |\n' >>"$tree/docs/glossary.md"
  out=$("$self" "$tree"); [ $? -eq 1 ] && grep -q 'incompleta' <<<"$out" || { echo "No ve la fila sembrada: $out"; failed=1; }
  rm -rf "$tree"
  return $failed
}

if [ "${1:-}" = --seeded ]; then seeded && echo "Todos los defectos sembrados se ven."; exit; fi
root=$(readlink -f "${1:-$(dirname "$self")/../..}")
if check; then echo "El glosario está completo."; else exit 1; fi
