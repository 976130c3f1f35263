#include "erasure.hpp"

#include "code_copies.hpp"
#include "publication_log.hpp"
#include "sdk.hpp"

#include <algorithm>

namespace evidence {
namespace {

bool exposed(concejo::Transaction& tx, const Documento& d) {
    if (d.retirado_en) return false;
    const LogReader reader(tx);
    const auto told = [&](std::uint64_t leaf) {
        return log::parse_leaf(reader.entry(leaf))->what == log::What::publicacion;
    };
    return told(d.hoja) || std::any_of(d.menciones.begin(), d.menciones.end(), told);
}

}  // namespace

void erase(const concejo::Call& call, concejo::Transaction& tx, const Documento& d,
           const std::string& reason) {
    if (d.sal.empty()) return;
    if (exposed(tx, d))
        throw Error(
            ErrorKind::conflict,
            N_("Ese documento está publicado: retírelo antes donde se publicó, y después suprímalo."));
    tx.exec(
        "UPDATE evidence_documento SET sal = NULL, nombre = '', titulo = '', direccion = '', metadatos = "
        "'{}', suprimido_en = now() WHERE csv = $1",
        d.csv.text());
    tx.exec("UPDATE evidence_expuesto SET ruta = '/' WHERE csv = $1", d.csv.text());  // it spells its title
    tx.exec("UPDATE evidence_copia SET declaracion = '', areas = '', secreto = NULL WHERE csv = $1",
            d.csv.text());
    call.remove_blob(tx, d.sha256);
    for (const auto& copy : CodeCopies(tx).remove(d.csv)) call.remove_blob(tx, copy);
    call.pages_changed(tx);
    call.audit(tx, "evidence.suprimir", d.documento, "ok",
               Json::object({{"csv", d.csv.text()}, {"motivo", reason}}));
}

}  // namespace evidence
