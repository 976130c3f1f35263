#include "relationships.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "sql_names.hpp"

#include <algorithm>

namespace open_data {
namespace {

struct TypePair {
    const char *forward, *reverse;
    const char *forward_label, *reverse_label;  ///< what people read before the other dataset's title
};
constexpr TypePair type_pairs[] = {{"depends_on", "dependency_of", N_("Depende de"), N_("Es necesario para")},
                                   {"derives_from", "has_derivation", N_("Se deriva de"), N_("Da origen a")},
                                   {"links_to", "linked_from", N_("Remite a"), N_("Se remite a él desde")},
                                   {"child_of", "parent_of", N_("Forma parte de"), N_("Comprende")}};

constexpr std::size_t most_shown = 50;

}  // namespace

std::string_view reverse_type(std::string_view type) {
    for (const auto& one : type_pairs) {
        if (type == one.forward) return one.reverse;
        if (type == one.reverse) return one.forward;
    }
    return {};
}

bool is_forward_type(std::string_view type) {
    return std::any_of(std::begin(type_pairs), std::end(type_pairs),
                       [&](const TypePair& one) { return type == one.forward; });
}

const std::vector<std::string>& relationship_types() {
    static const auto all = [] {
        std::vector<std::string> list;
        for (const auto& one : type_pairs) list.emplace_back(one.forward), list.emplace_back(one.reverse);
        return list;
    }();
    return all;
}

std::vector<Relationship> relationships_of(concejo::Transaction& tx, const std::vector<std::string>& ids,
                                           bool hidden) {
    std::vector<Relationship> found;
    if (ids.empty()) return found;
    for (
        const auto row : tx.exec(
            "SELECT r.id, r.type, r.comment, s.id, s.name, s.state = 'published' AND NOT s.private AS subject_seen, o.id, o.name, "
            "o.state = 'published' AND NOT o.private AS object_seen FROM open_data_relationship r "
            "JOIN open_data_dataset s ON s.id = r.subject JOIN open_data_dataset o ON o.id = r.object "
            "WHERE r.subject = ANY($1::uuid[]) OR r.object = ANY($1::uuid[]) ORDER BY r.serial",
            text_array(ids))) {
        Relationship one{row.text(0),
                         row.text(1),
                         row.text(2),
                         {row.text(3), row.text(4), row.boolean(5)},
                         {row.text(6), row.text(7), row.boolean(8)}};
        if (hidden || (one.subject.visible && one.object.visible)) found.push_back(std::move(one));
    }
    return found;
}

std::map<std::string, std::vector<std::string>> related_uris(concejo::Transaction& tx, const Portal& portal,
                                                             const std::vector<std::string>& ids) {
    std::map<std::string, std::vector<std::string>> uris;
    if (ids.empty()) return uris;
    for (
        const auto row : tx.exec(
            "SELECT DISTINCT ON (r.subject, r.object) r.subject, o.id, o.meta #>> '{origin,uri}' FROM open_data_relationship r "
            "JOIN open_data_dataset o ON o.id = r.object WHERE r.subject = ANY($1::uuid[]) AND o.state = 'published' AND NOT o.private "
            "ORDER BY r.subject, r.object",
            text_array(ids))) {
        const auto there = row.text(2);
        uris[row.text(0)].push_back(dcat::is_web_url(there) ? there
                                                            : portal.home() + "/dataset/" + row.text(1));
    }
    return uris;
}

Json related_view(const Portal& portal, concejo::Transaction& tx, const Dataset& dataset) {
    auto all = relationships_of(tx, {dataset.id}, portal.sees_drafts());
    if (all.size() > most_shown) all.resize(most_shown);
    std::vector<std::string> ids;
    for (const auto& one : all) ids.push_back(one.subject.id == dataset.id ? one.object.id : one.subject.id);
    Json list = Json::array();
    const auto others = Catalogue(tx).find_all(ids);
    for (const auto& one : all) {
        const bool forward = one.subject.id == dataset.id;
        const auto& id = forward ? one.object.id : one.subject.id;
        const auto other =
            std::find_if(others.begin(), others.end(), [&](const Dataset& d) { return d.id == id; });
        const auto* both = std::find_if(std::begin(type_pairs), std::end(type_pairs),
                                        [&](const TypePair& p) { return one.type == p.forward; });
        if (other == others.end() || both == std::end(type_pairs)) continue;
        list.push_back(
            Json::object({{"label", portal.call.tr(forward ? both->forward_label : both->reverse_label)},
                          {"title", portal.title(*other)},
                          {"href", portal.url(*other)},
                          {"comment", one.comment}}));
    }
    return list;
}

}  // namespace open_data
