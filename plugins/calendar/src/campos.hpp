// Fields of forms, as components/fields takes them, with what is wrong with each.
#pragma once

#include "entorno.hpp"

namespace calendar {

struct Opcion {
    std::string valor, texto;
};

class Campos {
public:
    Campos(const Entorno& entorno, const std::vector<Aviso>& avisos) : entorno_(entorno), avisos_(avisos) {}

    void text(const char* name, std::string label, const std::string& value, std::string hint = {},
              bool optional = false, const char* width = "20");
    void area(const char* name, std::string label, const std::string& value, std::string hint = {},
              bool optional = false);
    void date(const char* name, std::string label, const std::string& value, std::string hint = {},
              bool optional = false);
    void select(const char* name, std::string label, const std::string& value,
                const std::vector<Opcion>& options, std::string hint = {}, bool optional = false);
    void checkbox(const char* name, std::string label, bool selected);
    Json take() { return std::exchange(fields_, Json::array()); }

    /// {"heading","items"} for components/error-summary; null where nothing is wrong.
    Json errors() const;

private:
    Json base(const char* name, std::string label, const std::string& value, std::string hint,
              bool optional) const;
    void add(const char* kind, Json field) {
        fields_.push_back(Json::object({{std::string(kind) + "_field", std::move(field)}}));
    }

    const Entorno& entorno_;
    const std::vector<Aviso>& avisos_;
    Json fields_ = Json::array();
};

/// [{"label","href"}] ending in the page itself.
Json breadcrumb(std::initializer_list<std::pair<std::string, std::string>> steps);
/// The first `limit` bytes without control characters, cut at a character's edge; `lines` keeps line feeds.
std::string clean(std::string_view text, std::size_t limit, bool lines = false);

}  // namespace calendar
