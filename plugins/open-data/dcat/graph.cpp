#include "graph.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <set>

namespace open_data::dcat {
namespace {

constexpr Prefix prefix_table[] = {
    {"adms", "http://www.w3.org/ns/adms#"},
    {"dc", "http://purl.org/dc/elements/1.1/"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dcatap", "http://data.europa.eu/r5r/"},
    {"dct", "http://purl.org/dc/terms/"},
    {"eli", "http://data.europa.eu/eli/ontology#"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"geo", "http://www.opengis.net/ont/geosparql#"},
    {"hydra", "http://www.w3.org/ns/hydra/core#"},
    {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"schema", "http://schema.org/"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"spdx", "http://spdx.org/rdf/terms#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
};

}  // namespace

std::span<const Prefix> prefixes() { return prefix_table; }

std::string expand(std::string_view curie) {
    const auto colon = curie.find(':');
    for (const auto& [name, uri] : prefix_table) {
        if (curie.substr(0, colon) == name) return std::string(uri).append(curie.substr(colon + 1));
    }
    return std::string(curie);
}

Node& Node::is(std::string_view type) {
    types.push_back(type);
    return *this;
}

Node& Node::link(std::string_view name, std::string_view url) {
    if (is_web_url(url)) properties.push_back({name, Iri{encode_uri(url)}});
    return *this;
}

Node& Node::links(std::string_view name, const std::vector<std::string>& urls) {
    for (const auto& url : urls) link(name, url);
    return *this;
}

Node& Node::iri(std::string_view name, std::string value) {
    if (!value.empty()) properties.push_back({name, Iri{std::move(value)}});
    return *this;
}

Node& Node::texts(std::string_view name, const Texts& values) {
    std::set<std::string> seen;
    for (const auto& [language, value] : values) {
        if (!clean_text(value).empty() && seen.insert(language_tag(language)).second)
            text(name, value, language);
    }
    return *this;
}

Node& Node::text(std::string_view name, std::string_view value, std::string_view language) {
    auto tag = language_tag(language);
    auto clean = clean_text(value);
    if (!tag.empty() && !clean.empty())
        properties.push_back({name, Literal{std::move(clean), std::move(tag), {}}});
    return *this;
}

Node& Node::plain(std::string_view name, std::string_view value, std::string_view datatype) {
    if (auto clean = clean_text(value); !clean.empty())
        properties.push_back({name, Literal{std::move(clean), {}, datatype}});
    return *this;
}

Node& Node::number(std::string_view name, std::uint64_t value, std::string_view datatype) {
    return plain(name, std::to_string(value), datatype);
}

Node& Node::instant(std::string_view name, const std::optional<Instant>& value) {
    return value ? plain(name, iso(*value), "xsd:dateTime") : *this;
}

Node& Node::day(std::string_view name, const std::optional<Day>& value) {
    return value && value->ok() ? plain(name, iso(*value), "xsd:date") : *this;
}

Node& Node::nested(std::string_view name, Node node) {
    if (!node.properties.empty()) properties.push_back({name, std::make_shared<const Node>(std::move(node))});
    return *this;
}

std::string iso(Instant instant) {
    const auto midnight = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::hh_mm_ss time(instant - midnight);
    return fmt::format("{}T{:02}:{:02}:{:02}Z", iso(Day(midnight)), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

std::string iso(Day day) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()));
}

}  // namespace open_data::dcat
