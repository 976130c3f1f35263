#include "plugins/evidence/bundle/readme.hpp"

#include "plugins/evidence/bundle/names.hpp"

namespace evidence::bundle {
namespace {

constexpr std::string_view head = R"LEEME(EVIDENCIA DE UN DOCUMENTO PUBLICADO

Este archivo .evidencia es un zip corriente. Reúne un documento que un municipio publicó en su sede electrónica y lo
que hace falta para comprobarlo sin preguntar a nadie: ni al municipio, ni a ningún servidor.

  concejo-verify ARCHIVO.evidencia          lo comprueba todo y lo cuenta
  concejo-verify --clave CLAVE ARCHIVO...   y además, que la clave sea la que usted conoce

Qué hay dentro:

  @documento@   el documento
  sal.bin   32 bytes al azar; con ellos la huella del registro es la de este documento y no se puede adivinar
  hoja-001.json   lo que el registro de publicación anotó; las hojas siguientes dicen qué pasó después
  hoja-001.tlog-proof   la prueba de que esa hoja está en el registro (formato c2sp.org/tlog-proof)
  punto-de-control.txt   la cabecera del registro que se firmó: su nombre, cuántas hojas tiene y su raíz
  clave.pem   la clave pública del registro
  metadatos.json y, si está, disponibilidad.json   lo que el municipio declara
  manifiesto.sha256 y manifiesto.firma   la lista de todo lo anterior y su firma con esa misma clave
@adjuntos@
CÓMO COMPROBARLO A MANO

Hacen falta un intérprete de órdenes (sh), openssl 3, awk, sed y las utilidades de GNU. Descomprima el archivo en una
carpeta vacía y ejecute allí, tal como están, las líneas que hay entre las marcas.

1. Nadie ha cambiado ningún archivo desde que se firmó el manifiesto.
-----8<-----
sha256sum --check --strict --quiet manifiesto.sha256
openssl pkeyutl -verify -pubin -inkey clave.pem -rawin -in manifiesto.sha256 -sigfile manifiesto.firma
-----8<-----

2. De quién es la clave. Esta es su huella: compárela con la que el municipio ha dado por otro camino (su sede, un
   boletín oficial, otro municipio). Si no coincide, lo demás no prueba nada: cualquiera puede hacer un archivo así con
   una clave suya.
-----8<-----
openssl pkey -pubin -in clave.pem -outform DER | openssl dgst -sha256
-----8<-----

3. La hoja habla de este documento: la huella que contiene es SHA-256 de la sal y el SHA-256 del documento.
-----8<-----
huella=$({ cat sal.bin; openssl dgst -sha256 -binary @documento@; } | openssl dgst -sha256 -r | cut -d ' ' -f 1)
grep -q "\"huella\":\"$huella\"" hoja-001.json && echo "La hoja es de este documento"
-----8<-----

4. El punto de control lo firmó el registro.
-----8<-----
grep '^— ' hoja-001.tlog-proof | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > punto-de-control.firma
openssl pkeyutl -verify -pubin -inkey clave.pem -rawin -in punto-de-control.txt -sigfile punto-de-control.firma
rm punto-de-control.firma
-----8<-----

5. La hoja está en el registro: subiendo desde ella por las líneas de la prueba se llega a la raíz firmada (RFC 9162,
   sección 2.1.3.2). Para otra hoja, cambie 001 por su número.
-----8<-----
hoja=hoja-001
i=$(sed -n 's/^index //p' "$hoja.tlog-proof")
n=$(($(sed -n 2p punto-de-control.txt) - 1))
{ printf '\000'; cat "$hoja.json"; } | openssl dgst -sha256 -binary > nodo
for linea in $(awk '/^$/ {exit} camino {print} /^index/ {camino = 1}' "$hoja.tlog-proof"); do
  echo "$linea" | base64 -d > hermano
  if [ $((i % 2)) -eq 1 ] || [ "$i" -eq "$n" ]; then
    { printf '\001'; cat hermano nodo; } | openssl dgst -sha256 -binary > padre
    while [ $((i % 2)) -eq 0 ] && [ "$i" -ne 0 ]; do i=$((i / 2)); n=$((n / 2)); done
  else
    { printf '\001'; cat nodo hermano; } | openssl dgst -sha256 -binary > padre
  fi
  mv padre nodo
  i=$((i / 2)); n=$((n / 2))
done
test "$n" -eq 0 && test "$(base64 nodo)" = "$(sed -n 3p punto-de-control.txt)" && echo "La hoja está en el registro"
rm -f nodo hermano
-----8<-----
)LEEME";

constexpr std::string_view tail = R"LEEME(
QUÉ NO PRUEBA

Las fechas de las hojas las puso el municipio. Que algo existía en una fecha lo prueban los sellos de tiempo de terceros
y las firmas de otros municipios que siguen el registro (las demás líneas que empiezan por «—» en las pruebas). Nada
de esto dice si lo que pone el documento es cierto, ni si se retiró después del punto de control.
)LEEME";

void replace(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
}

/// What openssl is told for one signature or timestamp; empty where it does not know the kind.
std::string command(const std::string& name) {
    const auto parsed = parse_attached(name);
    if (!parsed) return {};
    const std::string of(parsed->of);
    if (parsed->kind == Attached::cms)
        return "openssl cms -verify -cades -binary -inform DER -in " + name + " -content " + of +
               " -CAfile raiz.pem -purpose any -out /dev/null\n";
    if (parsed->kind == Attached::timestamp)
        return "openssl ts -verify -in " + name + " -data " + of + " -CAfile raiz.pem\n";
    return {};
}

}  // namespace

std::string readme(std::string_view document, const std::vector<std::string>& attached) {
    std::string text(head), list, commands;
    for (const auto& name : attached) {
        const std::string of(parse_attached(name)->of);
        list += "  " + name +
                (parse_attached(name)->kind == Attached::evidence_record
                     ? "   registro de evidencia (RFC 4998) de "
                     : "   firma o sello de tiempo de ") +
                of + "\n";
        commands += command(name);
    }
    replace(text, "@documento@", document);
    replace(text, "@adjuntos@", list);
    if (!commands.empty())
        text +=
            "\n6. Firmas y sellos de tiempo de terceros. Guarde en raiz.pem el certificado raíz de quien los "
            "emitió,"
            " obtenido de\n   él y no de aquí.\n-----8<-----\n" +
            commands + "-----8<-----\n";
    return text += tail;
}

}  // namespace evidence::bundle
