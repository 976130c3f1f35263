// Each field of a query, as a condition on the catalogue's columns.
#include "ckan_failure.hpp"
#include "ckan_licenses.hpp"
#include "ckan_query.hpp"
#include "ckan_show.hpp"

#include <algorithm>

namespace open_data::ckan {
namespace {

enum class Is { words, text, array, instant, count, fixed };

struct QueryField {
    std::string_view name;
    Is is;
    const char* expression;
};

constexpr QueryField query_fields[] = {
    {"title", Is::words, "coalesce(d.meta #>> '{title,es}', '')"},
    {"notes", Is::words, "coalesce(d.meta #>> '{notes,es}', '')"},
    {"author", Is::words, "coalesce(d.meta ->> 'author', '')"},
    {"maintainer", Is::words, "coalesce(d.meta ->> 'maintainer', '')"},
    {"id", Is::text, "d.id::text"},
    {"name", Is::text, "d.name"},
    {"url", Is::text, "coalesce(d.meta ->> 'url', '')"},
    {"version", Is::text, "coalesce(d.meta ->> 'version', '')"},
    {"license_id", Is::text, "d.license"},
    {"license", Is::text, "d.license"},
    {"owner_org", Is::text, "d.organization::text"},
    {"organization", Is::text, "(SELECT o.name FROM open_data_organization o WHERE o.id = d.organization)"},
    {"private", Is::text, "d.private::text"},
    {"capacity", Is::text, "CASE WHEN d.private THEN 'private' ELSE 'public' END"},
    {"state", Is::text,
     "CASE d.state WHEN 'published' THEN 'active' WHEN 'draft' THEN 'draft' WHEN 'review' THEN 'draft' ELSE 'deleted' END"},
    {"tags", Is::array, "d.tags"},
    {"groups", Is::array,
     "(SELECT coalesce(array_agg(g), '{}') FROM jsonb_array_elements_text(CASE jsonb_typeof(d.meta -> 'groups') WHEN 'array' THEN d.meta -> 'groups' ELSE '[]' END) g)"},
    {"res_format", Is::array, "d.formats"},
    {"res_url", Is::array,
     "ARRAY(SELECT r.url FROM open_data_resource r WHERE r.dataset = d.id AND r.state = 'active' AND r.url <> '')"},
    {"res_name", Is::words,
     "coalesce((SELECT string_agg(r.meta #>> '{name,es}', ' ') FROM open_data_resource r WHERE r.dataset = d.id AND r.state = 'active'), '')"},
    {"res_description", Is::words,
     "coalesce((SELECT string_agg(r.meta #>> '{description,es}', ' ') FROM open_data_resource r WHERE r.dataset = d.id AND r.state = 'active'), '')"},
    {"metadata_modified", Is::instant, "d.modified_at"},
    {"metadata_created", Is::instant, "d.created_at"},
    {"num_resources", Is::count,
     "(SELECT count(*) FROM open_data_resource r WHERE r.dataset = d.id AND r.state = 'active')"},
    {"num_tags", Is::count, "cardinality(d.tags)"},
    {"dataset_type", Is::fixed, "dataset"},
    {"type", Is::fixed, "dataset"},
    {"entity_type", Is::fixed, "package"},
    {"site_id", Is::fixed, "*"},
    {"*", Is::fixed, "*"},
};

[[noreturn]] void cannot_read(std::string_view value) {
    throw of_type(409, "Search Error",
                  "Search error: Invalid value \"" + std::string(value.substr(0, 200)) + "\"");
}

/// "C*" for LIKE; anything else as it is.
std::string pattern_of(const Term& term) {
    std::string out;
    for (const char c : like_escaped(term.value)) out += c == '*' ? '%' : c == '?' ? '_' : c;
    return out;
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.size() < 16 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "NOW", "NOW-7DAYS/DAY", "2026-01-01", "2026-01-01T00:00:00.5Z", as an expression of SQL.
std::string instant_of(std::string_view text, Parameters& parameters) {
    if (text.substr(0, 3) == "NOW") {
        auto rest = text.substr(
            3, text.find('/') == std::string_view::npos ? std::string_view::npos : text.find('/') - 3);
        if (rest.empty()) return "now()";
        const bool back = rest.front() == '-';
        if (!back && rest.front() != '+') cannot_read(text);
        rest.remove_prefix(1);
        const auto figures = rest.substr(0, rest.find_first_not_of("0123456789"));
        auto unit = rest.substr(figures.size());
        if (!unit.empty() && unit.back() == 'S') unit.remove_suffix(1);
        for (const auto* known : {"SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"})
            if (unit == known && all_digits(figures) && figures.size() < 6)
                return std::string("(now() ") + (back ? "-" : "+") + " " +
                       parameters.place(std::string(figures) + " " + known) + "::interval)";
        cannot_read(text);
    }
    const bool written = text.size() >= 10 && text.size() <= 32 && all_digits(text.substr(0, 4)) &&
                         text[4] == '-' && text[7] == '-' &&
                         text.find_first_not_of("0123456789-T:.Z+") == std::string_view::npos;
    if (!written) cannot_read(text);
    auto zoned = std::string(text);
    if (zoned.back() != 'Z' && zoned.size() > 10) zoned += 'Z';
    return "(" + parameters.place(zoned.size() == 10 ? zoned + "T00:00:00Z" : zoned) + "::timestamptz)";
}

std::string operand(const QueryField& field, const std::string& value, Parameters& parameters) {
    if (field.is == Is::instant) return instant_of(value, parameters);
    if (field.is != Is::count) return parameters.place(value);
    if (!all_digits(value)) cannot_read(value);
    return parameters.place(value) + "::bigint";
}

/// "author:*" and "author:[* TO *]": it has something there.
std::string has_any(const QueryField& field) {
    if (field.is == Is::array) return std::string("cardinality(") + field.expression + ") > 0";
    return field.is == Is::words || field.is == Is::text ? std::string(field.expression) + " <> ''" : "true";
}

std::string range_condition(const QueryField& field, const Term& term, Parameters& parameters) {
    if (term.value == "*" && term.end == "*") return has_any(field);
    if (field.is == Is::array || field.is == Is::fixed) cannot_read(term.value);
    std::string condition = "true";
    const auto bytewise = field.is == Is::text || field.is == Is::words ? " COLLATE \"C\"" : "";
    if (term.value != "*")
        condition += std::string(" AND ") + field.expression + bytewise + (term.with_start ? " >= " : " > ") +
                     operand(field, term.value, parameters);
    if (term.end != "*")
        condition += std::string(" AND ") + field.expression + bytewise + (term.with_end ? " <= " : " < ") +
                     operand(field, term.end, parameters);
    return "(" + condition + ")";
}

std::string words_condition(const std::string& expression, const Term& term, Parameters& parameters) {
    if (term.wildcard)
        return "ext.fold(" + expression + ") LIKE ext.fold(" +
               parameters.place("%" + pattern_of(term) + "%") + ")";
    auto words = term.value;
    std::replace(words.begin(), words.end(), '"', ' ');
    if (term.phrase) words = "\"" + words + "\"";
    return "ext.search_vector('es', " + expression + ") @@ ext.search_query('es', " +
           parameters.place(words) + ")";
}

std::string anywhere(const Term& term, Parameters& parameters) {
    if (term.range) cannot_read(term.value);
    if (term.value == "*") return "true";
    if (term.wildcard)
        return words_condition(
            "d.name || ' ' || coalesce(d.meta #>> '{title,es}', '') || ' ' || coalesce(d.meta #>> '{notes,es}', '') || ' ' || array_to_string(d.tags, ' ')",
            term, parameters);
    auto words = term.value;
    std::replace(words.begin(), words.end(), '"', ' ');
    return "d.search @@ ext.search_query('es', " +
           parameters.place(term.phrase ? "\"" + words + "\"" : words) + ")";
}

/// What is no field of ours is one of those that the dataset's author added: "extras_frecuencia", or its bare name.
std::string extra_condition(const Term& term, Parameters& parameters) {
    const auto key = parameters.place(term.field.find("extras_") == 0 ? term.field.substr(7) : term.field);
    std::string value = "true";
    if (term.range) {
        if (term.value != "*")
            value += std::string(" AND e ->> 'value' COLLATE \"C\" ") + (term.with_start ? ">= " : "> ") +
                     parameters.place(term.value);
        if (term.end != "*")
            value += std::string(" AND e ->> 'value' COLLATE \"C\" ") + (term.with_end ? "<= " : "< ") +
                     parameters.place(term.end);
    } else {
        value = term.wildcard ? "e ->> 'value' LIKE " + parameters.place(pattern_of(term))
                              : "e ->> 'value' = " + parameters.place(term.value);
    }
    return "EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(d.meta -> 'extras') WHEN 'array' THEN d.meta -> 'extras' ELSE '[]' END) e "
           "WHERE e ->> 'key' = " +
           key + " AND " + value + ")";
}

std::string text_condition(const QueryField& field, Term term, Parameters& parameters) {
    if (field.name == "license_id" || field.name == "license")
        term.value = term.wildcard ? term.value : stored_license(term.value);
    if (term.wildcard) return std::string(field.expression) + " LIKE " + parameters.place(pattern_of(term));
    return std::string(field.expression) + " = " + parameters.place(term.value);
}

std::string array_condition(const QueryField& field, const Term& term, Parameters& parameters) {
    if (term.wildcard)
        return std::string("EXISTS (SELECT FROM unnest(") + field.expression + ") x WHERE x LIKE " +
               parameters.place(pattern_of(term)) + ")";
    return std::string(field.expression) + " @> ARRAY[" +
           parameters.place(field.name == "res_format" ? written_format(term.value) : term.value) +
           "]::text[]";
}

}  // namespace

std::string condition_of_term(const Term& term, Parameters& parameters) {
    if (term.field.empty() || term.field == "text") return anywhere(term, parameters);
    const auto* known = std::find_if(std::begin(query_fields), std::end(query_fields),
                                     [&](const auto& one) { return one.name == term.field; });
    if (known == std::end(query_fields)) return extra_condition(term, parameters);
    if (term.range) return range_condition(*known, term, parameters);
    if (term.value == "*" && term.wildcard) return has_any(*known);
    switch (known->is) {
        case Is::words:
            return words_condition(known->expression, term, parameters);
        case Is::text:
            return text_condition(*known, term, parameters);
        case Is::array:
            return array_condition(*known, term, parameters);
        case Is::instant:
        case Is::count:
            return std::string(known->expression) + " = " + operand(*known, term.value, parameters);
        case Is::fixed:
            break;
    }
    return std::string_view(known->expression) == "*" || term.value == known->expression ? "true" : "false";
}

}  // namespace open_data::ckan
