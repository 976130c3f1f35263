// evidence:1 for the other plugins.
#include "composing.hpp"
#include "pages.hpp"
#include "seal.hpp"
#include "seals.hpp"
#include "signing.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/inspection/hidden_data.hpp"

#include <concejo/services/evidence.hpp>

namespace evidence {
namespace {

Csv csv_of(const Json& message) {
    auto csv = Csv::parse(message.string_or("csv", ""));
    if (!csv) throw Error(ErrorKind::invalid, "«csv» no es un código seguro de verificación");
    return std::move(*csv);
}

/// In a child: files of strangers are never parsed here.
Json inspect(const Call& call, const std::string& sha256) {
    const auto done = run_tool(call, {"inspect", "{in}"}, Json::object({{"blob", sha256}}));
    if (done.int_or("exit", -1) != 0)
        return Json::array({Json::object({{"codigo", "damaged"},
                                          {"texto", call.tr(inspection::text("damaged"))},
                                          {"donde", ""},
                                          {"detalle", ""}})});
    Json all = Json::array();
    const Json found = Json::parse(done.string_or("stdout", "[]"));
    for (const auto& one : found.as_array())
        all.push_back(Json::object(
            {{"codigo", one.string_or("code", "")},
             {"texto", call.tr(one.string_or("text", ""))},
             {"donde", one.string_or("where", "")},
             {"detalle", one.string_or("code", "") == "bad_signature" ? call.tr(one.string_or("detail", ""))
                                                                      : one.string_or("detail", "")}}));
    return all;
}

Json compose_for(const Call& call, Json model) {
    if (!model.is_object() || !model["blocks"].is_array() || model.string_or("title", "").empty())
        throw Error(ErrorKind::invalid, "«modelo» no tiene título o bloques");
    const auto office = [&] {
        auto tx = call.begin();
        auto found = office_of(call, tx);
        tx.commit();  // a development hierarchy may have been made
        return found;
    }();
    const auto csv = Csv::random();
    const auto pdf = compose(call, *office, csv, std::move(model));
    return Json::object({{"csv", csv.text()}, {"csv_legible", csv.grouped()}, {"pdf", crypto::base64(pdf)}});
}

Json respond(const Call& call, std::string_view method, const Json& message) {
    if (method == "inspeccionar")
        return Json::object({{"hallazgos", inspect(call, message.string_or("sha256", ""))}});
    if (method == "preparar-firma") return prepare_signature(call, message);
    if (method == "terminar-firma") return finish_signature(call, message);
    if (method == "componer") return compose_for(call, message["modelo"]);
    auto tx = call.begin();
    Json answer = Json::object();
    if (method == "sellar") {
        const auto d = Seal(
            call, tx)({message.string_or("documento", ""), message.string_or("sha256", ""),
                       message.string_or("nombre", ""), message.string_or("titulo", ""),
                       message.string_or("idioma", "es"), message.string_or("direccion", ""),
                       message.find("metadatos") ? message["metadatos"] : Json::object(),
                       message.bool_or("publicado", true), message.string_or("ruta", ""),
                       message["hasta"].is_null() ? std::nullopt : std::optional(message.int_or("hasta", 0)),
                       message.string_or("csv", "").empty() ? std::nullopt : std::optional(csv_of(message))});
        answer = Json::object(
            {{"csv", d.csv.text()},
             {"csv_legible", d.csv.grouped()},
             {"sellado_en", utc(d.sellado_en)},
             {"verificacion", call.url(concejo::services::verification_path(d.csv.text()), true)}});
    } else if (method == "sellos") {
        answer["sellos"] = Json::array();
        for (const auto& one : Seals(tx).all())
            answer["sellos"].push_back(Json::object({{"titular", crypto::common_name(one.certificate())},
                                                     {"emisor", crypto::issuer(one.certificate())},
                                                     {"hasta", one.ends()}}));
    } else if (method == "publicar") {
        Seal(call, tx).publish(csv_of(message));
    } else if (method == "retirar") {
        Seal(call, tx).withdraw(csv_of(message));
    } else {
        throw Error(ErrorKind::not_found, "evidence:1 no tiene «" + std::string(method) + "»");
    }
    tx.commit();
    return answer;
}

}  // namespace

void register_service(concejo::Kernel& kernel) { kernel.provide("evidence:1", respond); }

}  // namespace evidence
