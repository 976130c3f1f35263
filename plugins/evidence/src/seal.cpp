#include "seal.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/signature/cades.hpp"

#include <concejo/text.hpp>

#include <openssl/rand.h>

#include <algorithm>

namespace evidence {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::N_;

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

/// The leaf that speaks of it first, to which the others lead back.
crypto::Digest first_leaf(concejo::Transaction& tx, const Documento& d) {
    return log::leaf_hash(LogReader(tx).entry(d.hoja));
}

}  // namespace

std::string utc(std::int64_t seconds) { return crypto::iso(crypto::Time(std::chrono::seconds(seconds))); }

log::Leaf Seal::leaf_about(const std::string& documento, log::What what) const {
    log::Leaf leaf;
    leaf.what = what;
    leaf.municipio = call_.municipality().string_or("id", "");
    leaf.documento = documento;
    leaf.fecha = utc(now_seconds());
    return leaf;
}

void Seal::ask_for_dates() {
    const Json settings = call_.settings();
    const auto wait = settings["sello_de_tiempo"].int_or("espera_s", 30);
    call_.enqueue(tx_, Json::object({{"kind", "fechar"},
                                     {"payload", Json::object()},
                                     {"run_at", now_seconds() + wait},
                                     {"unique", "fechar"}}));
    if (!settings["testigos"].as_array().empty())
        call_.enqueue(tx_, Json::object({{"kind", "cofirmar"},
                                         {"payload", Json::object()},
                                         {"run_at", now_seconds() + wait},
                                         {"unique", "cofirmar"}}));
}

Documento Seal::operator()(const Peticion& asked) {
    const auto content = content_of(asked.sha256);
    const auto office = office_of(call_, tx_);
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

    Documento d{Csv::random(),
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
    leaf.csv = d.csv.text();
    d.sellado_en = now_seconds();
    const auto prepared = signature::prepare_cades(content, office->seal->certificate());
    d.firma = signature::finish_cades(prepared, office->seal->sign(prepared.to_sign), office->seal->chain());
    d.hoja = book.append(leaf);
    book.sign();
    documents.insert(d);
    ask_for_dates();
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
    leaf.anterior = first_leaf(tx_, d);
    if (what == log::What::publicacion) leaf.huella = log::salted(d.sal, content_of(d.sha256));
    Documents(tx_).mention(d.csv, book.append(leaf));
    book.sign();
    ask_for_dates();
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
}

void Seal::withdraw(const Csv& csv) {
    const auto office = office_of(call_, tx_);
    LogWriter book(tx_, *office, origin_for(call_.municipality()));
    const auto d = need(csv);
    if (d.retirado_en) return;
    tell(book, d, log::What::retirada);
    Documents(tx_).withdrawn(csv, now_seconds());
}

}  // namespace evidence
