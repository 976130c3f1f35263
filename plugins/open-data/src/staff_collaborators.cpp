// Who collaborates in a dataset, as staff see it: who, with what capacity, since when; and putting or taking one away.
#include "collaborators.hpp"
#include "fields.hpp"
#include "staff.hpp"

#include <algorithm>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr Capacity capacities[] = {Capacity::member, Capacity::editor, Capacity::admin};

const char* capacity_text(Capacity capacity) {
    switch (capacity) {
        case Capacity::member:
            return N_("Lo ve");
        case Capacity::editor:
            return N_("Lo ve y lo cambia");
        default:
            return N_("Lo ve, lo cambia y nombra a otros");
    }
}

void back_to_collaborators(const Request& request, Reply& reply, const Dataset& dataset) {
    reply.redirect(request.url(std::string(staff_base) + "/" + dataset.name) +
                   "?hecho=guardado#colaboradores");
}

void name_collaborator(const Request& request, Reply& reply) {
    const Portal portal(request);
    const auto who = request.form("colaborador").value_or("");
    const auto capacity = parse_capacity(request.form("capacidad").value_or(""));
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    const auto names = request.token_names(tx, may_collaborate);
    if (capacity == Capacity::none || std::find(names.begin(), names.end(), who) == names.end()) {
        show_staff_dataset(
            request, reply,
            {{"colaborador", request.tr("Elija de las listas quién colabora y qué puede hacer.")}});
        return;
    }
    Collaborators(request, tx).name(dataset.id, "token:" + who, capacity);
    tx.commit();
    back_to_collaborators(request, reply, dataset);
}

void take_collaborator_away(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    if (!Collaborators(request, tx).remove(dataset.id, request.form("quien").value_or("")))
        throw concejo::Error(concejo::ErrorKind::conflict, N_("Ya no colaboraba en este conjunto."));
    tx.commit();
    back_to_collaborators(request, reply, dataset);
}

}  // namespace

Json collaborators_view(const Request& request, concejo::Transaction& tx, const Dataset& dataset,
                        const std::vector<Wrong>& wrong) {
    const auto all = Collaborators(request, tx).of(dataset.id);
    const auto names = request.token_names(tx, may_collaborate);
    if (all.empty() && names.empty()) return {};
    const auto here = request.url(std::string(staff_base) + "/" + dataset.name) + "/colaboradores";
    const bool decides = request.may(may_publish);
    Json rows = Json::array();
    for (const auto& one : all)
        rows.push_back(
            Json::object({{"who", one.who},
                          {"name", one.name()},
                          {"capacity", request.tr(capacity_text(one.capacity))},
                          {"since", request.instant(one.since_seconds, concejo::Style::medium)},
                          {"ended", std::find(names.begin(), names.end(), one.name()) == names.end()},
                          {"remove_action", decides ? here + "/quitar" : ""}}));
    Json view = Json::object({{"rows", rows}, {"add_action", ""}});
    if (!decides || names.empty()) return view;
    std::vector<Option> tokens, powers;
    for (const auto& name : names) tokens.push_back({name, name});
    for (const auto one : capacities) powers.push_back({name(one), request.tr(capacity_text(one))});
    Fields fields(request, wrong);
    fields.select(
        "colaborador", request.tr("Quién"), request.form("colaborador").value_or(""), tokens,
        request.tr(
            "Los tokens que se hicieron para colaborar. A quien ya está le cambia lo que puede hacer."));
    fields.select("capacidad", request.tr("Qué puede hacer"), request.form("capacidad").value_or("member"),
                  powers);
    view["add_action"] = here, view["fields"] = fields.take();
    return view;
}

void register_staff_collaborators(concejo::Kernel& kernel) {
    const concejo::RouteOptions decide{.permission = may_publish};
    kernel.staff_post("/datos/:name/colaboradores", name_collaborator, decide);
    kernel.staff_post("/datos/:name/colaboradores/quitar", take_collaborator_away, decide);
}

}  // namespace open_data
