#include "seal.hpp"

#include "availability.hpp"
#include "sdk.hpp"
#include "seals.hpp"
#include "written_file.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/cades.hpp"

#include <openssl/rand.h>

#include <algorithm>

namespace evidence {
namespace {

std::int64_t now_seconds() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
        .time_since_epoch()
        .count();
}

std::string salt() {
    std::string bytes(log::salt_size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1)
        throw Error(ErrorKind::internal, "no hay números aleatorios");
    return bytes;
}

crypto::Digest content_of(const std::string& sha256) {
    const auto bytes = crypto::unhex(sha256);
    crypto::Digest digest{};
    if (!bytes || bytes->size() != digest.size())
        throw Error(ErrorKind::invalid, "«sha256» no es un SHA-256 en hexadecimal");
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    return digest;
}

}  // namespace

void ask_for_dates(const concejo::Call& call, concejo::Transaction& tx) {
    const Json settings = call.settings();
    const auto wait = settings["sello_de_tiempo"].int_or("espera_s", 30);
    call.enqueue(tx, Json::object({{"kind", "fechar"},
                                   {"payload", Json::object()},
                                   {"run_at", now_seconds() + wait},
                                   {"unique", "fechar"}}));
    if (!settings["testigos"].as_array().empty())
        call.enqueue(tx, Json::object({{"kind", "cofirmar"},
                                       {"payload", Json::object()},
                                       {"run_at", now_seconds() + wait},
                                       {"unique", "cofirmar"}}));
}

std::string utc(std::int64_t seconds) { return crypto::iso(crypto::Time(std::chrono::seconds(seconds))); }

log::Leaf Seal::leaf_about(const std::string& documento, log::What what) const {
    log::Leaf leaf;
    leaf.what = what;
    leaf.municipio = call_.municipality().string_or("id", "");
    leaf.documento = documento;
    leaf.fecha = utc(now_seconds());
    return leaf;
}

Documento Seal::operator()(const Peticion& asked) {
    const auto content = content_of(asked.sha256);
    const auto office = office_of(call_, tx_);
    const auto prepared =
        signature::prepare_cades(content, office->seal.get()->certificate(), {.policy = office->policy});
    auto signature =
        signature::finish_cades(prepared, office->seal.sign(prepared.to_sign), office->seal.get()->chain());
    // from here on nobody else appends: what takes long was done before
    LogWriter book(tx_, *office, origin_for(call_.municipality()));
    Documents documents(tx_);
    if (auto known = documents.find_by_name(asked.documento)) {
        if (known->sha256 != asked.sha256)
            throw Error(
                ErrorKind::conflict,
                N_("Ese documento ya está sellado con otro contenido: otro contenido es otro documento."));
        return std::move(*known);
    }
    call_.keep_blob(tx_, asked.sha256);
    const auto blob = call_.describe_blob(tx_, asked.sha256);

    Documento d{asked.csv ? *asked.csv : Csv::random(),
                asked.documento,
                asked.sha256,
                blob.bytes,
                blob.media_type,
                asked.nombre,
                asked.titulo,
                asked.idioma,
                asked.direccion,
                asked.metadatos,
                salt(),
                0,
                0,
                {},
                {},
                {},
                {},
                {}};
    auto leaf = leaf_about(d.documento, asked.publicado ? log::What::publicacion : log::What::sello);
    leaf.huella = log::salted(d.sal, content);
    if (asked.publicado) leaf.csv = d.csv.text();  // who has the code gets the document
    d.sellado_en = now_seconds();
    d.firma = std::move(signature);
    d.hoja = book.append(leaf);
    book.sign();
    documents.insert(d);
    Seals(tx_).used(call_, *office->seal.get());
    if (!asked.ruta.empty() && asked.hasta.value_or(d.sellado_en + 1) > d.sellado_en)
        Exposures(tx_).announce(d.csv, asked.ruta, asked.hasta);
    if (asked.publicado) expose(d.csv, d.sellado_en);
    ask_for_dates(call_, tx_);
    call_.audit(
        tx_, "evidence.sellar", d.documento, "ok",
        Json::object(
            {{"csv", d.csv.text()}, {"sha256", d.sha256}, {"hoja", static_cast<std::int64_t>(d.hoja)}}));
    return d;
}

Documento Seal::need(const Csv& csv) {
    auto found = Documents(tx_).find(csv);
    if (!found) throw Error(ErrorKind::not_found, N_("No hay ningún documento sellado con ese código."));
    return std::move(*found);
}

void Seal::tell(LogWriter& book, const Documento& d, log::What what) {
    auto leaf = leaf_about(d.documento, what);
    leaf.anterior = LogReader(tx_).hash_of(d.hoja);  // the leaf that speaks of it first
    if (what == log::What::publicacion) {
        leaf.huella = log::salted(d.sal, content_of(d.sha256));
        leaf.csv = d.csv.text();
    }
    Documents(tx_).mention(d.csv, book.append(leaf));
    book.sign();
    ask_for_dates(call_, tx_);
}

/// The first look proves the start of its diffusion (Ley 9/2017, art. 63.7): it does not wait for its turn.
void Seal::expose(const Csv& csv, std::int64_t when) {
    Exposures exposures(tx_);
    exposures.begin(csv, when);
    if (const auto exposed = exposures.find(csv))
        call_.enqueue(
            tx_, Json::object(
                     {{"kind", "mirar"},
                      {"payload", Json::object({{"documentos", Json::array({to_look_at(call_, *exposed)})}})},
                      {"run_at", when + 1}}));
}

void Seal::publish(const Csv& csv) {
    const auto office = office_of(call_, tx_);
    LogWriter book(tx_, *office,
                   origin_for(call_.municipality()));  // first: what is read next nobody changes
    const auto d = need(csv);
    const auto said = [&](std::uint64_t leaf) {
        return log::parse_leaf(LogReader(tx_).entry(leaf))->what == log::What::publicacion;
    };
    if (d.retirado_en || said(d.hoja) || std::any_of(d.menciones.begin(), d.menciones.end(), said)) return;
    if (d.sal.empty())
        throw Error(ErrorKind::conflict, N_("Ese documento se suprimió por protección de datos."));
    tell(book, d, log::What::publicacion);
    expose(csv, now_seconds());
}

void Seal::withdraw(const Csv& csv) {
    const auto office = office_of(call_, tx_);
    LogWriter book(tx_, *office, origin_for(call_.municipality()));
    const auto d = need(csv);
    if (d.retirado_en) return;
    tell(book, d, log::What::retirada);
    Documents(tx_).withdrawn(csv, now_seconds());
    Exposures(tx_).end(csv, now_seconds());
}

Documento seal_bytes(const concejo::Call& call, concejo::Transaction& tx, Peticion asked,
                     std::string_view bytes, std::string_view media_type) {
    const WrittenFile file(bytes);
    asked.sha256 = call.put_file(tx, file.path(), media_type);
    auto sealed = Seal(call, tx)(asked);
    call.remove_blob(tx, asked.sha256);  // the seal counts as a use of its own
    return sealed;
}

}  // namespace evidence
