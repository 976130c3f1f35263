// What describes a dataset, as staff write it.
#include "harvested.hpp"
#include "meta_fields.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "save_dataset.hpp"
#include "staff.hpp"

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

/// What the form was made of: another one where somebody changed it meanwhile. It is held until the transaction ends.
std::string seal_of_description(concejo::Transaction& tx, const Dataset& dataset) {
    return tx
        .exec(
            "SELECT encode(sha256(convert_to(concat(organization, meta), 'UTF8')), 'hex') FROM open_data_dataset "
            "WHERE id = $1::uuid FOR UPDATE",
            dataset.id)[0]
        .text(0);
}

void describe_form(const Request& request, Reply& reply, concejo::Transaction& tx, const Dataset& dataset,
                   const std::vector<Wrong>& wrong) {
    Catalogue catalogue(tx);
    const Portal portal(request);
    const auto& meta = dataset.meta;
    std::vector<Option> frequencies, high_values;
    for (const auto& one : dcat::frequencies())
        frequencies.push_back({std::string(one.term.code()), label_of(portal, one.term)});
    for (const auto& one : dcat::hvd_categories())
        high_values.push_back({std::string(one.code()), label_of(portal, one)});
    const auto* high_value = dcat::find_hvd_category(meta.string_or("hvd", ""));  // an address, or its end
    Fields fields(request, wrong);
    add_texts(portal, request, fields, meta,
              request.tr("Qué contiene, de dónde sale y qué no contiene; 50 caracteres o más."));
    add_sector_and_license(portal, request, fields, meta);
    fields.select("frecuencia", request.tr("Cada cuánto se actualiza"),
                  typed_in(request, "frecuencia", meta.string_or("frequency", "")),
                  sorted_options(std::move(frequencies), request.tr("Elija…")), "", true);
    fields.select(
        "alto_valor", request.tr("Datos de alto valor"),
        typed_in(request, "alto_valor", high_value ? std::string(high_value->code()) : ""),
        sorted_options(std::move(high_values), request.tr("No lo son")),
        request.tr(
            "Su categoría, si están en el Reglamento (UE) 2023/138: entonces se ofrecen gratis, por API y en una descarga."),
        true);
    add_territory(portal, request, fields, meta);
    fields.text("desde", request.tr("Primer día de los datos"),
                typed_in(request, "desde", day_written(meta["temporal"].string_or("start", ""))),
                request.tr("Como dd/mm/aaaa."), true);
    fields.text("hasta", request.tr("Último día de los datos"),
                typed_in(request, "hasta", day_written(meta["temporal"].string_or("end", ""))),
                request.tr("Como dd/mm/aaaa."), true);
    add_responsible(portal, request, fields, meta, catalogue, dataset.organization,
                    request.tr("Quién responde de estos datos"));
    const auto heading = request.tr("Descripción del conjunto"),
               here = request.url(std::string(staff_base) + "/" + dataset.name);
    if (!wrong.empty()) reply.status(422);
    reply.page(
        "open-data/gestion/descripcion",
        Json::object({{"title", (wrong.empty() ? "" : request.tr("Error") + ": ") + heading},
                      {"heading", heading},
                      {"breadcrumb", breadcrumb({{request.tr("Datos abiertos"), request.url(staff_base)},
                                                 {portal.title(dataset), here},
                                                 {heading, ""}})},
                      {"errors", fields.errors()},
                      {"action", here + "/descripcion"},
                      {"seen", seal_of_description(tx, dataset)},
                      {"back_href", here},
                      {"fields", fields.take()}}));
}

void save_description(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    need_own(dataset);
    std::vector<Wrong> wrong;
    check_meta(portal, request, catalogue, dataset.meta, wrong);
    if (const auto seen = request.form("visto"); seen && *seen != seal_of_description(tx, dataset))
        wrong.push_back(
            {"titulo_es",
             request.tr(
                 "Otra persona cambió esta descripción mientras tanto. Lo que usted ha escrito sigue aquí: si guarda otra vez, queda lo suyo.")});
    const auto frequency = given_line(request, "frecuencia"), from = day_typed(given_line(request, "desde")),
               until = day_typed(given_line(request, "hasta"));
    if (!frequency.empty() && !dcat::find_frequency(frequency))
        wrong.push_back({"frecuencia", request.tr("Elija una frecuencia de la lista.")});
    const auto high_value = given_line(request, "alto_valor");
    if (!high_value.empty() && !dcat::find_hvd_category(high_value))
        wrong.push_back({"alto_valor", request.tr("Elija una categoría de la lista.")});
    for (const auto& [field, day] : {std::pair("desde", from), std::pair("hasta", until)})
        if (!day.empty() && !is_day(day))
            wrong.push_back({field, request.tr("Escriba el día como dd/mm/aaaa, por ejemplo 31/01/2026.")});
    if (wrong.empty() && !from.empty() && !until.empty() && until < from)
        wrong.push_back({"hasta", request.tr("El último día va después del primero.")});
    if (!wrong.empty()) return describe_form(request, reply, tx, dataset, wrong);
    put_meta(portal, request, dataset.meta, dataset.organization);
    dataset.meta["frequency"] = frequency;
    if (request.form("alto_valor")) dataset.meta["hvd"] = high_value;
    dataset.meta["temporal"] =
        from.empty() && until.empty() ? Json() : Json::object({{"start", from}, {"end", until}});
    catalogue.update(dataset);
    request.audit(tx, "open-data.cambiar", dataset.id);
    request.pages_changed(tx);
    tx.commit();
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) + "?hecho=guardado");
}

}  // namespace

std::vector<std::string> languages_of(const Portal& portal) {
    std::vector<std::string> all;
    if (const auto& listed = portal.municipality["languages"]; listed.is_array())
        for (const auto& one : listed.as_array()) all.push_back(one.as_string());
    if (all.empty()) all.emplace_back("es");
    return all;
}

std::string language_name(const std::string& code) {
    for (const auto& [known, name] : {std::pair{"es", "Castellano"},
                                      {"ca", "Català"},
                                      {"gl", "Galego"},
                                      {"eu", "Euskara"},
                                      {"en", "English"}})
        if (code == known) return name;
    return code;
}

void register_staff_metadata(concejo::Kernel& kernel) {
    const concejo::RouteOptions allowed{.permission = may_edit};
    kernel.staff(
        "/datos/:name/descripcion",
        [](const Request& request, Reply& reply) {
            const Portal portal(request);
            auto tx = request.begin();
            Catalogue catalogue(tx);
            describe_form(request, reply, tx, need_dataset(portal, catalogue, request.segment("name")), {});
        },
        allowed);
    kernel.staff_post("/datos/:name/descripcion", save_description, allowed);
}

}  // namespace open_data
