// Legal pages as sections of paragraphs, lists and rows.
#pragma once

#include "vistas.hpp"

#include <concejo/plugin.hpp>

namespace sede {

struct Row {
    std::string label, text, href;
};

struct Section {
    std::string id, heading;
    std::vector<std::string> paragraphs, items;
    std::vector<Row> rows;
};

/// What the legal pages draw on: the municipality's file, through one call.
struct LegalTexts {
    explicit LegalTexts(const concejo::Request& request)
        : entorno(request), legal(entorno.municipio["legal"]) {}

    Entorno entorno;
    Json legal;

    /// Titular de la sede; the municipality's name where the file does not say.
    std::string holder() const;
    std::string contact(std::string_view what) const {
        return entorno.municipio["contact"].string_or(what, "");
    }
    /// Rows without a text are left out.
    std::vector<Row> rows(std::initializer_list<std::pair<std::string, std::string>> all) const;
    std::vector<Row> links(std::initializer_list<Row> all) const;
    void reply(concejo::Reply&, const std::string& path, const std::string& title, const std::string& lead,
               const std::vector<Section>&) const;
};

}  // namespace sede
