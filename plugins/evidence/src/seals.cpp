#include "seals.hpp"

#include "pages.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"

namespace evidence {

namespace {

std::int64_t moment_of(const ASN1_TIME* time) {
    const auto read = crypto::time_of(time);
    return read ? std::chrono::floor<std::chrono::seconds>(*read).time_since_epoch().count() : 0;
}

Json told(const Call& call, const UsedSeal& seal) {
    const auto& x = seal.certificate();
    Json rows = Json::array();
    const auto row = [&](std::string label, std::string text) {
        rows.push_back(
            Json::object({{"label", std::move(label)}, {"text", std::move(text)}, {"href", Json()}}));
    };
    row(call.tr("Titular del sello"), crypto::subject(x));
    row(call.tr("Emitido por"), crypto::issuer(x));
    row(call.tr("Número de serie"), crypto::serial(x));
    row(call.tr("Válido desde"), call.instant(moment_of(X509_get0_notBefore(&x))));
    row(call.tr("Válido hasta"), call.instant(seal.ends()));
    row(call.tr("Se usa desde"), call.instant(seal.since));
    row(call.tr("SHA-256 del certificado"), seal.fingerprint());
    return Json::object({{"name", crypto::common_name(x)}, {"summary", std::move(rows)}});
}

/// Those of the settings, as they answer; nothing in development.
Json authorities(const Call& call) {
    Json all = Json::array();
    const Json settings = call.settings()["sello_de_tiempo"];
    for (const auto& one : settings["autoridades"].as_array())
        all.push_back(one.string_or("nombre", "") + " (" + one.string_or("direccion", "") + ")");
    return all;
}

void seals_page(const Request& request, Reply& reply) {
    auto tx = request.begin();
    Json seals = Json::array();
    for (const auto& one : Seals(tx).all()) seals.push_back(told(request, one));
    const std::string heading = request.tr("Sellos electrónicos");
    reply.page("evidence/sellos",
               Json::object({{"title", heading},
                             {"heading", heading},
                             {"breadcrumb", Json::array({Json::object({{"label", request.tr("Inicio")},
                                                                       {"href", request.url("/")}}),
                                                         Json::object({{"label", heading}, {"href", ""}})})},
                             {"seals", std::move(seals)},
                             {"authorities", authorities(request)},
                             {"pem_href", "/evidencia/sellos.pem"},
                             {"verify_href", request.url("/verificar")}}));
}

void send_pem(const Request& request, Reply& reply) {
    auto tx = request.begin();
    std::string all;
    for (const auto& one : Seals(tx).all()) all += one.pem;
    if (all.empty())
        throw concejo::Error(concejo::ErrorKind::not_found, request.tr("Todavía no se ha sellado nada."));
    reply.field("Access-Control-Allow-Origin", "*");
    reply.field("Cache-Control", "no-cache");
    reply.body("application/x-pem-file", all);
}

}  // namespace

std::int64_t UsedSeal::ends() const { return moment_of(X509_get0_notAfter(&certificate())); }

std::string UsedSeal::fingerprint() const {
    return crypto::hex(crypto::view(crypto::sha256(crypto::der(certificate()))));
}

void Seals::used(const Call& call, const keys::SigningKey& key) {
    auto pem = crypto::pem(key.certificate());
    for (const auto& one : key.chain()) pem += crypto::pem(*one);
    const auto added = tx_.exec(
        "INSERT INTO evidence_sello (huella, certificados) VALUES (decode($1, 'hex'), $2) ON CONFLICT DO NOTHING RETURNING 1",
        crypto::hex(crypto::view(crypto::sha256(crypto::der(key.certificate())))), pem);
    if (added.size() > 0) call.pages_changed(tx_);
}

std::vector<UsedSeal> Seals::all() {
    std::vector<UsedSeal> all;
    for (
        const auto& row : tx_.exec(
            "SELECT certificados, extract(epoch FROM usado_desde)::bigint FROM evidence_sello ORDER BY usado_desde DESC"))
        all.push_back({crypto::certificates_from_pem(row.view(0)), row.text(0), row.integer(1)});
    return all;
}

void register_seals(concejo::Kernel& kernel) {
    kernel.page("/sellos", seals_page, {.permission = "", .uploads = false, .cached = true, .body_limit = 0});
    kernel.bare("GET", "/evidencia/sellos.pem", send_pem);
    kernel.site_map([](const Call& call, const Json&) {
        return Json::array({Json::object({{"path", "/sellos"}, {"label", call.tr("Sellos electrónicos")}})});
    });
}

}  // namespace evidence
