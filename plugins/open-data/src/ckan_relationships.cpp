// Relationships between datasets. They are told from whichever end is asked; who sees one end only is told of none.
#include "relationships.hpp"

#include "ckan_values.hpp"
#include "harvested.hpp"
#include "sql_names.hpp"

namespace open_data::ckan {
namespace {

/// As the subject says it: "depends_on" where it was asked as "dependency_of" from the other end.
struct AskedRelationship {
    Dataset subject, object;
    std::string type;
};

/// 'x', as Python writes a text in CKAN's messages.
std::string as_python(const std::string& text) {
    return text.find('\'') == std::string::npos ? "'" + text + "'" : "\"" + text + "\"";
}

Dataset need_end(Ask& ask, const char* end, const char* called) {
    const auto name = ask.args.text(end);
    auto found = ask.catalogue.find(name);
    if (!found)
        throw not_found(std::string(called) + " package " + as_python(cut(name, 100)) + " was not found.");
    return std::move(*found);
}

AskedRelationship asked_relationship(Ask& ask, const char* doing) {
    ask.need_writer(doing);
    Json missing_ones = Json::object();
    for (const auto* key : {"subject", "object", "type"})
        if (ask.args.text(key).empty()) missing_ones[key] = Json::array({"Missing value"});
    if (missing_ones.size() > 0) throw invalid(std::move(missing_ones));
    AskedRelationship asked{need_end(ask, "subject", "Subject"), need_end(ask, "object", "Object"),
                            ask.args.text("type")};
    if (!reverse_type(asked.type).empty() && !is_forward_type(asked.type)) {
        std::swap(asked.subject, asked.object);
        asked.type = reverse_type(asked.type);
    }
    return asked;
}

/// What its subject says of itself is changed where the subject is.
void note_relationship(Ask& ask, const AskedRelationship& asked) {
    note_change(ask, "open-data.cambiar", asked.subject.id);
    note_change(ask, "open-data.cambiar", asked.object.id);
}

std::string shown_relationship(const AskedRelationship& asked, const std::string& comment) {
    return Json::object({{"subject", asked.subject.name},
                         {"type", asked.type},
                         {"object", asked.object.name},
                         {"comment", comment}})
        .dump();
}

std::string relationship_create(Ask& ask) {
    const auto asked = asked_relationship(ask, "edit these packages");
    if (ask.args.has("id")) throw invalid("id", "The input field id was not expected.");
    if (!is_forward_type(asked.type)) {
        std::string list;
        for (const auto& one : relationship_types()) list += (list.empty() ? "'" : ", '") + one + "'";
        throw invalid("type", "Value must be one of [" + list + "]");
    }
    if (asked.subject.id == asked.object.id)
        throw invalid("object", "A dataset has no relationship with itself");
    need_own(asked.subject);
    const auto comment = ask.args.text("comment");
    ask.tx.exec(
        "INSERT INTO open_data_relationship (subject, object, type, comment) VALUES ($1::uuid, $2::uuid, $3, $4) "
        "ON CONFLICT (subject, object, type) DO UPDATE SET comment = EXCLUDED.comment",
        asked.subject.id, asked.object.id, asked.type, comment);
    note_relationship(ask, asked);
    return shown_relationship(asked, comment);
}

std::string relationship_update(Ask& ask) {
    const auto asked = asked_relationship(ask, "edit these packages");
    need_own(asked.subject);
    const auto comment = ask.args.text("comment");
    if (ask.tx
            .exec(
                "UPDATE open_data_relationship SET comment = $4 WHERE subject = $1::uuid AND object = $2::uuid AND type = $3",
                asked.subject.id, asked.object.id, asked.type, comment)
            .affected() == 0)
        throw not_found("This relationship between the packages was not found.");
    note_relationship(ask, asked);
    return shown_relationship(asked, comment);
}

std::string relationship_delete(Ask& ask) {
    const auto asked = asked_relationship(ask, "edit these packages");
    need_own(asked.subject);
    if (ask.tx
            .exec(
                "DELETE FROM open_data_relationship WHERE subject = $1::uuid AND object = $2::uuid AND type = $3",
                asked.subject.id, asked.object.id, asked.type)
            .affected() == 0)
        throw not_found();
    note_relationship(ask, asked);
    return "null";
}

/// From the end that is asked: its own name is the subject's, whoever made the relationship.
std::string relationships_list(Ask& ask) {
    const auto id = asked_id(ask), partner = ask.args.text("id2");
    const auto rel = ask.args.text("rel") == "relationships" ? std::string() : ask.args.text("rel");
    const auto one_of_them = [&](const std::string& name, const char* none) {
        auto found = ask.catalogue.find(name);
        if (!found) throw not_found(none);
        need_sight(ask, *found, "read these packages");
        return std::move(found->id);
    };
    const auto first = one_of_them(id, "First package named in request was not found.");
    const auto second = partner.empty()
                            ? std::string()
                            : one_of_them(partner, "Second package named in address was not found.");
    Json list = Json::array();
    for (const auto& one : relationships_of(ask.tx, {first}, ask.writer)) {
        const bool forward = one.subject.id == first;
        const auto& self = forward ? one.subject : one.object;
        const auto& other = forward ? one.object : one.subject;
        const std::string type(forward ? std::string_view(one.type) : reverse_type(one.type));
        if ((!second.empty() && other.id != second) || (!rel.empty() && type != rel)) continue;
        list.push_back(Json::object(
            {{"subject", self.name}, {"type", type}, {"object", other.name}, {"comment", one.comment}}));
    }
    if (!rel.empty() && list.size() == 0)
        throw not_found("Relationship \"" + cut(id, 100) + " " + cut(rel, 100) + " " +
                        (partner.empty() ? "None" : cut(partner, 100)) + "\" not found.");
    return list.dump();
}

}  // namespace

std::vector<Action> relationship_actions() {
    return {{"package_relationships_list", relationships_list, false, "id id2 rel",
             "Return the relationships of a dataset with others."},
            {"package_relationship_create", relationship_create, true, "subject object type comment",
             "Relate a dataset to another."},
            {"package_relationship_update", relationship_update, true, "subject object type comment",
             "Change the comment of a relationship."},
            {"package_relationship_delete", relationship_delete, true, "subject object type",
             "Delete a relationship."}};
}

}  // namespace open_data::ckan
