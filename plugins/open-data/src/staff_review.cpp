// The steps of a dataset towards its publication, as staff take them: sent to review, returned with a note,
// scheduled.
#include "fields.hpp"
#include "metadata.hpp"
#include "review.hpp"
#include "save_dataset.hpp"
#include "staff.hpp"

#include <cstdio>

namespace open_data {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Reply;
using concejo::Request;

constexpr std::size_t longest_note = 2000;
constexpr std::int64_t longest_wait = 2 * 366 * std::int64_t{86'400};  ///< seconds

std::string action_text(const concejo::Call& call, const std::string& action) {
    if (action == "sent") return call.tr("Enviado a revisión");
    if (action == "returned") return call.tr("Devuelto");
    if (action == "scheduled") return call.tr("Publicación programada");
    if (action == "unscheduled") return call.tr("Programación anulada");
    return action == "published" ? call.tr("Publicado a su hora") : call.tr("No se pudo publicar a su hora");
}

/// "01/12/2026" or "2026-12-01", and "09:00" on the municipality's clock, as Unix seconds; nothing where it
/// is no such instant.
std::optional<std::int64_t> instant_typed(const Portal& portal, concejo::Transaction& tx,
                                          const std::string& day, const std::string& hour) {
    int hours = 0, minutes = 0;
    char more = 0;
    if (!is_day(day) || hour.size() > 5 ||
        std::sscanf(hour.c_str(), "%2d:%2d%c", &hours, &minutes, &more) != 2 || hours < 0 || hours > 23 ||
        minutes < 0 || minutes > 59)
        return std::nullopt;
    return tx
        .exec("SELECT extract(epoch FROM ($1::timestamp AT TIME ZONE $2))::bigint", day + " " + hour,
              portal.municipality.string_or("time_zone", "Europe/Madrid"))[0]
        .integer(0);
}

std::string here_of(const Request& request, const Dataset& dataset) {
    return request.url(std::string(staff_base) + "/" + dataset.name);
}

void send(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    Review(portal, tx).send(dataset, clean_lines(request.form("nota").value_or(""), longest_note));
    tx.commit();
    reply.redirect(here_of(request, dataset) + "?hecho=enviado");
}

void give_back(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto note = clean_lines(request.form("nota").value_or(""), longest_note);
    if (note.empty())
        return show_staff_dataset(request, reply, {{"nota", request.tr("Escriba qué hay que corregir.")}});
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    Review(portal, tx).give_back(dataset, note);
    tx.commit();
    reply.redirect(here_of(request, dataset) + "?hecho=devuelto");
}

void schedule(const Request& request, Reply& reply) {
    const Portal portal(request);
    std::vector<Wrong> wrong;
    {
        auto tx = request.begin();
        Catalogue catalogue(tx);
        const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
        const auto at = instant_typed(portal, tx, day_typed(clean_line(request.form("dia").value_or(""), 20)),
                                      clean_line(request.form("hora").value_or(""), 20));
        const auto now = tx.exec("SELECT extract(epoch FROM now())::bigint")[0].integer(0);
        if (!at)
            wrong.push_back({"dia", request.tr("Escriba el día como dd/mm/aaaa y la hora como hh:mm.")});
        else if (*at <= now || *at > now + longest_wait)
            wrong.push_back(
                {"dia", request.tr("Elija un momento que no haya pasado, dentro de los dos próximos años.")});
        else if (dcat::has_errors(problems_of(portal, dataset)))
            wrong.push_back(
                {"dia", request.tr("Antes de programarlo, complete lo que falta para publicar.")});
        if (wrong.empty()) {
            Review(portal, tx).schedule(dataset, *at);
            tx.commit();
            return reply.redirect(here_of(request, dataset) + "?hecho=programado");
        }
    }
    show_staff_dataset(request, reply, wrong);
}

void unschedule(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    Review(portal, tx).unschedule(dataset);
    tx.commit();
    reply.redirect(here_of(request, dataset) + "?hecho=guardado");
}

Json field_view(const Request& request, const std::string& name, const std::vector<Wrong>& wrong) {
    std::string error;
    for (const auto& one : wrong)
        if (one.field == name) error = one.text;
    return Json::object(
        {{"value", clean_line(request.form(name).value_or(""), longest_note)}, {"error", error}});
}

}  // namespace

Json review_view(const Request& request, const Portal& portal, concejo::Transaction& tx,
                 const Dataset& dataset, const std::vector<Wrong>& wrong) {
    const auto here = here_of(request, dataset);
    const bool publishes = request.may(may_publish), scheduled = dataset.publish_at > 0,
               before = dataset.state == State::draft || dataset.state == State::review;
    Json notes = Json::array();
    for (const auto& one : Review(portal, tx).notes(dataset))
        notes.push_back(Json::object({{"what", action_text(request, one.action)},
                                      {"when", request.instant(one.at, concejo::Style::medium)},
                                      {"by", person_of(one.by)},
                                      {"note", one.note}}));
    return Json::object(
        {{"notes", notes},
         {"send_action", dataset.state == State::draft ? here + "/revision" : ""},
         {"return_action", publishes && dataset.state == State::review ? here + "/devolver" : ""},
         {"schedule_action", publishes && before && !scheduled ? here + "/programar" : ""},
         {"unschedule_action", publishes && scheduled ? here + "/desprogramar" : ""},
         {"scheduled", scheduled ? concejo::fill(request.tr("Se publicará el {fecha}."),
                                                 {{"fecha", request.instant(dataset.publish_at)}})
                                 : std::string()},
         {"note_field", field_view(request, "nota", wrong)},
         {"day", field_view(request, "dia", wrong)},
         {"hour", field_view(request, "hora", wrong)}});
}

void register_staff_review(concejo::Kernel& kernel) {
    const concejo::RouteOptions edit{.permission = may_edit}, decide{.permission = may_publish};
    const std::string one = "/datos/:name";
    kernel.staff_post(one + "/revision", send, edit);
    kernel.staff_post(one + "/devolver", give_back, decide);
    kernel.staff_post(one + "/programar", schedule, decide);
    kernel.staff_post(one + "/desprogramar", unschedule, decide);
}

}  // namespace open_data
