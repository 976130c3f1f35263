#include "save_dataset.hpp"

#include "review.hpp"
#include "snapshot.hpp"
#include "sql_names.hpp"

namespace open_data {

Dataset create_dataset(const Portal& portal, Catalogue& catalogue, concejo::Transaction& tx,
                       const std::string& title, std::string name) {
    if (name.empty()) name = slug_of(title);
    if (!is_name(name)) name = "datos-" + name;
    const auto wanted = cut(name, 90);
    for (int n = 2; catalogue.find(name); ++n) name = wanted + "-" + std::to_string(n);
    Dataset draft;
    draft.name = name;
    draft.organization = portal.own_organization(catalogue).id;
    draft.meta = Json::object(
        {{"title", Json::object({{"es", title}})}, {"license", "CC_BY_4_0"}, {"access_right", "PUBLIC"}});
    auto made = catalogue.insert(draft, portal.by());
    portal.call.audit(tx, "open-data.crear", made.id, "ok", Json::object({{"nombre", made.name}}));
    return made;
}

std::vector<dcat::Problem> problems_of(const Portal& portal, const Dataset& dataset) {
    const auto catalog = catalog_of(portal);
    return dcat::find_problems(described(portal, catalog, dataset), catalog,
                               std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::string text_of(const concejo::Call& call, const dcat::Problem& problem) {
    std::string text = call.tr(problem.what) + " " + call.tr(problem.remedy);
    for (const auto& [name, value] : problem.values)
        for (std::size_t at = 0; (at = text.find("{" + name + "}", at)) != std::string::npos;
             at += value.size())
            text.replace(at, name.size() + 2, value);
    return text;
}

bool publish_dataset(const Portal& portal, Catalogue& catalogue, concejo::Transaction& tx, Dataset dataset) {
    if (dcat::has_errors(problems_of(portal, dataset))) return false;
    Review(portal, tx).forget_schedule(dataset);
    dataset.state = State::published;
    catalogue.update(dataset);
    portal.call.audit(tx, "open-data.publicar", dataset.id, "ok", Json::object({{"nombre", dataset.name}}));
    portal.call.pages_changed(tx);
    return true;
}

void withdraw_dataset(const Portal& portal, Catalogue& catalogue, concejo::Transaction& tx, Dataset dataset,
                      const std::string& reason) {
    Review(portal, tx).forget_schedule(dataset);
    dataset.state = State::withdrawn;
    dataset.meta["withdrawn"] = withdrawal(reason);
    catalogue.update(dataset);
    withdraw_seals(portal.call, tx, dataset.id);
    portal.call.audit(tx, "open-data.retirar", dataset.id, "ok",
                      Json::object({{"nombre", dataset.name}, {"motivo", reason}}));
    portal.call.pages_changed(tx);
}

}  // namespace open_data
