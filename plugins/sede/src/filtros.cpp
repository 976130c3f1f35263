// The address of a list and the filter it stands for.
#include "vistas.hpp"

#include <array>

namespace sede {

Filtro read_filter(Ambito ambito, const Parametro& parametro, int limite) {
    const auto text = [&](std::string_view name) { return clean_line(parametro(name).value_or(""), 200); };
    Filtro filtro;
    filtro.ambito = ambito;
    filtro.tipo = text("tipo");
    filtro.organo = text("organo");
    filtro.texto = text("q");
    if (ambito == Ambito::gestion) filtro.situacion = text("estado");
    filtro.desde = Fecha::parse(text("desde"));
    filtro.hasta = Fecha::parse(text("hasta"));
    filtro.despues = Cursor::parse(text("despues"));
    filtro.antes = Cursor::parse(text("antes"));
    filtro.limite = limite;
    return filtro;
}

std::string encode(std::string_view text) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += hex[static_cast<unsigned char>(c) >> 4];
            out += hex[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

std::string query_text(const Filtro& filtro,
                       std::initializer_list<std::pair<std::string_view, std::string>> changes) {
    std::vector<std::pair<std::string_view, std::string>> parts{
        {"q", filtro.texto},
        {"tipo", filtro.tipo},
        {"organo", filtro.organo},
        {"estado", filtro.situacion},
        {"desde", filtro.desde ? filtro.desde->iso() : ""},
        {"hasta", filtro.hasta ? filtro.hasta->iso() : ""},
    };
    for (const auto& change : changes) {
        bool found = false;
        for (auto& part : parts) {
            if (part.first != change.first) continue;
            part.second = change.second;
            found = true;
        }
        if (!found) parts.push_back(change);
    }
    std::string text;
    for (const auto& [name, value] : parts) {
        if (!value.empty())
            text.append(text.empty() ? "?" : "&").append(name).append("=").append(encode(value));
    }
    return text;
}

Busqueda search_form(const Entorno& entorno, const Filtro& filtro, const Parametro& parametro,
                     const std::string& path) {
    const auto& call = entorno.call;
    const auto typed = [&](std::string_view name) { return clean_line(parametro(name).value_or(""), 40); };
    Json items = Json::array();
    const auto date = [&](const char* name, std::string label, const std::optional<Fecha>& read,
                          std::string error) {
        std::string text = typed(name);
        if (!read && !text.empty())
            error = fill(call.tr("«{texto}» no es una fecha: escríbala como dd/mm/aaaa."), {{"texto", text}});
        if (!error.empty()) items.push_back(Json::object({{"field", name}, {"text", error}}));
        return Json::object({{"id", name},
                             {"label", std::move(label)},
                             {"value", read ? read->typed() : text},
                             {"error", error}});
    };
    const bool backwards = filtro.desde && filtro.hasta && *filtro.hasta < *filtro.desde;
    Json dates = Json::array();
    dates.push_back(date("desde", call.tr("Expuesto desde"), filtro.desde, ""));
    dates.push_back(date("hasta", call.tr("Expuesto hasta"), filtro.hasta,
                         backwards ? call.tr("Esta fecha es anterior a la primera.") : ""));
    Json errors;
    if (!items.empty())
        errors = Json::object({{"heading", call.tr("Hay algo que corregir")}, {"items", items}});
    return {Json::object({{"action", path},
                          {"q", filtro.texto},
                          {"tipo", filtro.tipo},
                          {"organo", filtro.organo},
                          {"dates", dates}}),
            errors};
}

}  // namespace sede
