#include "code_copies.hpp"

#include "copies.hpp"
#include "office.hpp"
#include "sdk.hpp"
#include "seal_pdf.hpp"
#include "seals.hpp"
#include "tool.hpp"
#include "written_file.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/services/evidence.hpp>

namespace evidence {
namespace {

/// Its code and a QR on every page, in a child.
std::string with_code(const Call& call, const Documento& d, std::string_view language, bool development) {
    const Json texts =
        Json::object({{"csv_label", call.tr("Código seguro de verificación")},
                      {"csv", d.csv.grouped()},
                      {"url_label", call.tr("Compruébelo en")},
                      {"url", call.url(concejo::services::verification_path(d.csv.text()), true)},
                      {"note", fill(call.tr("Sellado el {fecha}"), {{"fecha", call.instant(d.sellado_en)}})},
                      {"mark", development ? call.tr("Claves de desarrollo: sin validez") : ""},
                      {"language", std::string(language)},
                      {"page_label", call.tr("Página {page} de {pages}")}});
    const auto done = run_tool(call, {"stamp-csv", "{in}"}, Json::object({{"blob", d.sha256}}), texts.dump());
    const Json made =
        done.int_or("exit", -1) == 0 ? Json::parse(done.string_or("stdout", "{}")) : Json::object();
    auto pdf = crypto::unbase64(made.string_or("pdf", ""));
    if (!pdf || pdf->empty())
        throw Error(
            ErrorKind::conflict,
            made.string_or("refused", "") == "has_signatures"
                ? call.tr("Este PDF lleva firmas dentro, que la copia rompería: se ofrece tal como se firmó.")
                : call.tr("De este PDF no se puede hacer una copia con el código."));
    return std::move(*pdf);
}

}  // namespace

void keep_copy(const Call& call, const Office& office, const Documento& d, std::string_view language,
               const std::string& bytes, const char* media_type) {
    const WrittenFile file(bytes);
    auto tx = call.begin();
    Seals(tx).used(call, *office.seal.get());
    const auto sha256 = call.put_file(tx, file.path(), media_type);
    if (CodeCopies(tx).insert(d.csv, language, sha256)) tx.commit();
}

bool has_code_copy(const Documento& d) {
    return !condition_of(d) && d.tipo_medio == "application/pdf" && d.bytes <= largest_code_copy;
}

std::optional<std::string> CodeCopies::find(const Csv& csv, std::string_view language) {
    for (const auto& row :
         tx_.exec("SELECT sha256 FROM evidence_copia_con_codigo WHERE csv = $1 AND idioma = $2", csv.text(),
                  language))
        return row.text(0);
    return std::nullopt;
}

std::optional<std::pair<Csv, std::string>> CodeCopies::find_by_content(std::string_view sha256) {
    for (const auto& row :
         tx_.exec("SELECT csv, idioma FROM evidence_copia_con_codigo WHERE sha256 = $1", sha256))
        return std::pair(*Csv::parse(row.view(0)), row.text(1));
    return std::nullopt;
}

bool CodeCopies::insert(const Csv& csv, std::string_view language, std::string_view sha256) {
    return tx_.exec(
                  "INSERT INTO evidence_copia_con_codigo (csv, idioma, sha256) SELECT csv, $2, $3 FROM "
                  "evidence_documento WHERE csv = $1 AND sal IS NOT NULL FOR SHARE ON CONFLICT DO NOTHING RETURNING csv",
                  csv.text(), language, sha256)
               .size() > 0;
}

std::vector<std::string> CodeCopies::remove(const Csv& csv) {
    std::vector<std::string> all;
    for (const auto& row :
         tx_.exec("DELETE FROM evidence_copia_con_codigo WHERE csv = $1 RETURNING sha256", csv.text()))
        all.push_back(row.text(0));
    return all;
}

std::string make_code_copy(const Call& call, const Documento& d, std::string_view language) {
    if (!has_code_copy(d))
        throw Error(ErrorKind::invalid, call.tr("Solo los PDF de hasta 16 MB tienen copia con el código."));
    const auto office = [&] {
        auto tx = call.begin();
        return office_of(call, tx);
    }();
    const auto sealed =
        seal_pdf(call, *office, with_code(call, d, language, office->development()), d.csv.grouped());
    if (sealed.dated) keep_copy(call, *office, d, language, sealed.file, "application/pdf");
    return sealed.file;
}

}  // namespace evidence
