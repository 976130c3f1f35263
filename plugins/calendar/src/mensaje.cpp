#include "mensaje.hpp"

namespace calendar {

using concejo::Json;

namespace {

constexpr std::size_t longest = 2'000;  ///< of one field

Json pieces(std::string_view text) {
    Json list = Json::array();
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(",; \n"), text.size());
        if (end > 0) list.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return list;
}

}  // namespace

Json message_of(const Dato& dato) {
    const auto value = [&](std::string_view name) { return dato(name).value_or("").substr(0, longest); };
    Json message = Json::object();
    for (const char* name :
         {"desde", "hora", "plazo", "cantidad", "unidad", "origen", "urgencia", "objeto"}) {
        if (auto text = value(name); !text.empty()) message[name] = std::move(text);
    }
    const auto nested = [&](const char* prefix,
                            std::initializer_list<std::pair<const char*, const char*>> names) {
        Json one = Json::object();
        for (const auto& [member, field] : names) {
            if (auto text = value(field); !text.empty()) one[member] = std::move(text);
        }
        // what only a select says is not yet something that somebody wrote
        return one.contains(prefix) || one.contains("acordada") || one.contains("hasta") ? one : Json();
    };
    if (auto one = nested("desde",
                          {{"desde", "suspension_desde"}, {"hasta", "suspension_hasta"}, {"causa", "causa"}});
        !one.is_null())
        message["suspensiones"] = Json::array({one});
    if (auto one = nested("cantidad", {{"cantidad", "ampliacion_cantidad"},
                                       {"unidad", "ampliacion_unidad"},
                                       {"acordada", "ampliacion_acordada"},
                                       {"articulo", "ampliacion_articulo"}});
        !one.is_null())
        message["ampliaciones"] = Json::array({one});
    if (auto comunidad = value("residencia_comunidad"); !comunidad.empty())
        message["residencia"] =
            Json::object({{"comunidad", comunidad}, {"locales", pieces(value("residencia_locales"))}});
    return message;
}

}  // namespace calendar
