#include "campos.hpp"

#include <concejo/field.hpp>

namespace calendar {

Json Campos::base(const char* name, std::string label, const std::string& value, std::string hint,
                  bool optional) const {
    std::string error;
    for (const auto& aviso : avisos_) {
        if (aviso.campo == name && error.empty()) error = entorno_.text(aviso.frase);
    }
    return concejo::field_view({name, std::move(label), value, std::move(hint), std::move(error), optional});
}

void Campos::text(const char* name, std::string label, const std::string& value, std::string hint,
                  bool optional, const char* width) {
    auto field = base(name, std::move(label), value, std::move(hint), optional);
    field["width"] = width;
    add("text", std::move(field));
}

void Campos::area(const char* name, std::string label, const std::string& value, std::string hint,
                  bool optional) {
    add("textarea", base(name, std::move(label), value, std::move(hint), optional));
}

void Campos::date(const char* name, std::string label, const std::string& value, std::string hint,
                  bool optional) {
    add("date", base(name, std::move(label), value, std::move(hint), optional));
}

void Campos::select(const char* name, std::string label, const std::string& value,
                    const std::vector<Opcion>& options, std::string hint, bool optional) {
    auto field = base(name, std::move(label), "", std::move(hint), optional);
    Json list = Json::array();
    for (const auto& one : options)
        list.push_back(
            Json::object({{"value", one.valor}, {"label", one.texto}, {"selected", one.valor == value}}));
    field["width"] = "20";
    field["options"] = std::move(list);
    field["groups"] = Json::array();
    add("select", std::move(field));
}

void Campos::checkbox(const char* name, std::string label, bool selected) {
    auto field = base(name, std::move(label), "si", "", true);
    field["selected"] = selected;
    add("checkbox", std::move(field));
}

Json Campos::errors() const {
    if (avisos_.empty()) return {};
    Json items = Json::array();
    for (const auto& aviso : avisos_)
        items.push_back(Json::object({{"field", aviso.campo}, {"text", entorno_.text(aviso.frase)}}));
    return Json::object({{"heading", entorno_.call.tr("Hay algo que corregir")}, {"items", items}});
}

Json breadcrumb(std::initializer_list<std::pair<std::string, std::string>> steps) {
    Json list = Json::array();
    for (const auto& [label, href] : steps) list.push_back(Json::object({{"label", label}, {"href", href}}));
    return list;
}

std::string clean(std::string_view text, std::size_t limit, bool lines) {
    std::string out;
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == '\r') continue;
        out += byte >= 0x20 && byte != 0x7F ? c : lines && c == '\n' ? '\n' : ' ';
    }
    if (text.size() > limit) {
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80) out.pop_back();
        if (!out.empty() && (static_cast<unsigned char>(out.back()) & 0x80) != 0) out.pop_back();
    }
    const auto from = out.find_first_not_of(" \n");
    return from == std::string::npos ? std::string()
                                     : out.substr(from, out.find_last_not_of(" \n") - from + 1);
}

}  // namespace calendar
