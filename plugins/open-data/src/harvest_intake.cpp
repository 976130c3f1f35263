#include "harvest_intake.hpp"

#include "removal.hpp"
#include "save_dataset.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

constexpr const char* by_harvest = "harvest";

Json a_note(const char* what, std::string_view value) {
    return Json::object({{"what", what}, {"value", value}});
}

bool withdrawn_here(const Dataset& dataset) {
    return dataset.state == State::deleted ||
           (dataset.state == State::withdrawn && dataset.meta["withdrawn"].string_or("by", "") != by_harvest);
}

/// An identifier that means the same everywhere: an address or a UUID.
bool is_global(const std::string& identifier) {
    return is_uuid(identifier) || identifier.find("://") != std::string::npos;
}

/// What must be repaired before it can be published, as notes.
void add_problems(Json& notes, const std::vector<dcat::Problem>& problems) {
    for (const auto& one : problems) {
        if (one.severity != dcat::Severity::error) continue;
        Json values = Json::object();
        for (const auto& [name, value] : one.values) values[name] = value;
        notes.push_back(Json::object({{"what", one.what}, {"values", values}}));
    }
}

}  // namespace

std::string HarvestIntake::free_name(const std::string& title) {
    auto name = slug_of(title);
    if (!is_name(name)) name = "datos-" + name;
    const auto wanted = cut(name, 90);
    name = wanted;
    for (int n = 2; catalogue_.find(name); ++n) name = wanted + "-" + std::to_string(n);
    return name;
}

std::string HarvestIntake::organization() {
    if (!organization_.empty()) return organization_;
    if (source_.organization.empty()) return organization_ = portal_.own_organization(catalogue_).id;
    if (const auto found = catalogue_.organization(source_.organization)) return organization_ = found->id;
    Organization fresh;
    fresh.name = source_.organization, fresh.kind = "organization";
    fresh.meta = Json::object(
        {{"title", Json::object({{"es", source_.organization_title.empty() ? source_.organization
                                                                           : source_.organization_title}})},
         {"dir3", source_.dir3}});
    return organization_ = catalogue_.insert(fresh).id;
}

/// Why it is not taken, if it is not. Finds the dataset that it is, also where another source had it before.
std::optional<HarvestIntake::Result> HarvestIntake::not_taken(harvest::Item& item, const HarvestEntry* known,
                                                              std::optional<Dataset>& dataset) {
    if (*item.refused) {
        item.notes.push_back(a_note(item.refused, ""));
        return Result{"refused", "refused", item.notes, false};
    }
    auto& origin = item.meta["origin"];
    origin["source"] = source_.name;
    const auto uri = origin.string_or("uri", ""), identifier = origin.string_or("identifier", "");
    for (const auto& one : {uri, identifier})
        if (one.starts_with(portal_.home() + "/dataset/"))
            return Result{"own", "own",
                          Json::array({a_note(N_("Es un conjunto de este mismo catálogo."), "")}), false};
    if (known && !known->dataset.empty()) dataset = catalogue_.find(known->dataset);
    if (!dataset) {
        const auto rows = tx_.exec(
            "SELECT d.id, coalesce(h.source, ''), coalesce(h.gone, true), h.key FROM open_data_dataset d "
            "LEFT JOIN open_data_harvested h ON h.dataset = d.id WHERE d.state <> 'deleted' AND "
            "(d.meta #>> '{origin,uri}' = nullif($1, '') OR ($3::boolean AND d.meta #>> "
            "'{origin,identifier}' = $2)) ORDER BY d.meta #>> '{origin,uri}' = $1 DESC NULLS LAST, d.serial "
            "LIMIT 1",
            uri, identifier, is_global(identifier));
        if (!rows.empty()) {
            const auto other = rows[0].text(1);
            const bool gone = rows[0].boolean(2);
            if (!gone && other != source_.name)
                return Result{"duplicate", "duplicate",
                              Json::array({a_note(N_("Ya llega de otra fuente: «{valor}»."), other)}), false};
            if (gone) {
                tx_.exec("DELETE FROM open_data_harvested WHERE dataset = $1::uuid", rows[0].text(0));
                dataset = catalogue_.find(rows[0].text(0));
            } else {
                item.notes.push_back(a_note(
                    N_("Otro conjunto de la fuente tiene el mismo identificador: «{valor}»."), identifier));
                origin["identifier"] = uri;
            }
        }
    }
    if (dataset && withdrawn_here(*dataset))
        return Result{"local", "local",
                      Json::array({a_note(N_("Aquí se retiró: no se vuelve a publicar solo."), "")}), false};
    return std::nullopt;
}

HarvestIntake::Result HarvestIntake::take(harvest::Item item, const HarvestEntry* known,
                                          const std::string& hash) {
    std::optional<Dataset> dataset;
    const bool same = known && known->hash == hash && !known->gone && !known->dataset.empty();
    if (same && known->outcome == "taken") return {"taken", "same", {}, false};
    if (auto why_not = not_taken(item, known, dataset)) return *why_not;
    const bool fresh = !dataset, back = dataset && dataset->state == State::withdrawn;
    auto written = same ? std::move(*dataset) : write(item, std::move(dataset));
    auto problems = problems_of(portal_, written);
    const bool publishes = source_.publish && !written.is_private && !dcat::has_errors(problems);
    const bool was_visible = written.visible();
    if (!publishes) add_problems(item.notes, problems);
    if (same && publishes == was_visible) return {was_visible ? "taken" : "draft", "same", item.notes, false};
    if (publishes && !was_visible)
        written.state = State::published;
    else if (!publishes && written.state == State::withdrawn)
        written.state = State::draft;
    else if (was_visible && dcat::has_errors(problems))
        written.state = State::draft;
    catalogue_.update(written);
    if (const auto modified = item.meta["origin"].string_or("modified", ""); !modified.empty())
        tx_.exec(
            "UPDATE open_data_dataset SET modified_at = least($2::timestamptz, now()) WHERE id = $1::uuid",
            written.id, modified + "Z");
    Result result{written.visible() ? "taken" : "draft",
                  fresh  ? "added"
                  : back ? "returned"
                         : "changed",
                  item.notes, written.visible() || was_visible};
    portal_.call.audit(tx_, "open-data.recoger", written.id, "ok",
                       Json::object({{"fuente", source_.name},
                                     {"nombre", written.name},
                                     {"que", result.tally},
                                     {"publicado", written.visible()}}));
    return result;
}

Dataset HarvestIntake::write(const harvest::Item& item, std::optional<Dataset> before) {
    auto dataset = before ? std::move(*before) : Dataset{};
    const auto groups = dataset.meta["groups"];
    dataset.meta = item.meta;
    if (groups.is_array()) dataset.meta["groups"] = groups;
    dataset.organization = organization();
    if (dataset.id.empty()) {
        dataset.name = free_name(text_in(item.meta["title"], "es"));
        dataset = catalogue_.insert(dataset, "system:" + source_.name);
    } else {
        dataset = catalogue_.update(dataset);
    }
    write_resources(dataset, item.resources);
    return *catalogue_.find(dataset.id);
}

void HarvestIntake::write_resources(const Dataset& dataset, const Json& resources) {
    std::vector<Resource> left = dataset.resources;
    const auto identity = [](const Json& meta, const std::string& url) {
        return meta["origin"].string_or("uri", "").empty() ? url : meta["origin"].string_or("uri", "");
    };
    int position = 0;
    for (const auto& one : resources.as_array()) {
        const auto name = identity(one["meta"], one.string_or("url", ""));
        const auto found = std::find_if(left.begin(), left.end(),
                                        [&](const Resource& r) { return identity(r.meta, r.url) == name; });
        Resource resource;
        if (found != left.end()) resource = *found, left.erase(found);
        const auto before = resource;
        resource.dataset = dataset.id, resource.format = one.string_or("format", ""),
        resource.url = one.string_or("url", ""), resource.media_type = one.string_or("media_type", "");
        resource.bytes = one["bytes"].is_int() ? std::optional(one.int_or("bytes", 0)) : std::nullopt;
        resource.meta = one["meta"], resource.position = position++;
        if (resource.id.empty())
            catalogue_.insert(resource);
        else if (resource.meta != before.meta || resource.url != before.url ||
                 resource.format != before.format || resource.bytes != before.bytes ||
                 resource.position != before.position)
            catalogue_.update(resource);
    }
    for (const auto& one : left) remove_resource(portal_.call, tx_, one);
}

void HarvestIntake::withdraw(const std::string& id, const std::string& reason) {
    auto dataset = catalogue_.find(id);
    if (!dataset || dataset->state == State::withdrawn || dataset->state == State::deleted) return;
    const bool seen = dataset->visible();
    dataset->state = State::withdrawn;
    dataset->meta["withdrawn"] = withdrawal(reason), dataset->meta["withdrawn"]["by"] = by_harvest;
    catalogue_.update(*dataset);
    portal_.call.audit(
        tx_, "open-data.recoger", dataset->id, "ok",
        Json::object({{"fuente", source_.name}, {"nombre", dataset->name}, {"que", "withdrawn"}}));
    if (seen) portal_.call.pages_changed(tx_);
}

}  // namespace open_data
