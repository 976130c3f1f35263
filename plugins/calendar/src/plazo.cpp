#include "plazo.hpp"

#include "texto.hpp"

#include <algorithm>
#include <array>

namespace calendar {
namespace {

template <class T>
struct Nombre {
    T value;
    const char* name;
    const char* label;
};

constexpr std::array<Nombre<Unidad>, 5> unidades{{{Unidad::horas, "horas", N_("horas")},
                                                  {Unidad::habiles, "habiles", N_("días hábiles")},
                                                  {Unidad::naturales, "naturales", N_("días naturales")},
                                                  {Unidad::meses, "meses", N_("meses")},
                                                  {Unidad::anos, "años", N_("años")}}};
constexpr std::array<Nombre<Origen>, 4> origenes{
    {{Origen::notificacion, "notificacion", N_("La notificación")},
     {Origen::publicacion, "publicacion", N_("La publicación")},
     {Origen::silencio, "silencio", N_("El silencio administrativo")},
     {Origen::registro, "registro", N_("La entrada en el registro")}}};
constexpr std::array<Nombre<Objeto>, 3> objetos{
    {{Objeto::tramite, "tramite", N_("Un trámite del procedimiento")},
     {Objeto::solicitud, "solicitud", N_("Presentar una solicitud")},
     {Objeto::recurso, "recurso", N_("Presentar un recurso")}}};

template <class T, std::size_t N>
const Nombre<T>& entry(const std::array<Nombre<T>, N>& all, T value) {
    return *std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.value == value; });
}
template <class T, std::size_t N>
std::optional<T> parse(const std::array<Nombre<T>, N>& all, std::string_view text) {
    for (const auto& one : all) {
        if (text == one.name) return one.value;
    }
    return std::nullopt;
}

int most(Unidad unidad) {
    switch (unidad) {
        case Unidad::horas:
            return 10'000;  // above 24 the answer tells the rule
        case Unidad::habiles:
        case Unidad::naturales:
            return 2'000;
        case Unidad::meses:
            return 240;
        case Unidad::anos:
            break;
    }
    return 20;
}

}  // namespace

const char* name_of(Unidad value) { return entry(unidades, value).name; }
const char* label_of(Unidad value) { return entry(unidades, value).label; }
const char* name_of(Origen value) { return entry(origenes, value).name; }
const char* label_of(Origen value) { return entry(origenes, value).label; }
const char* name_of(Objeto value) { return entry(objetos, value).name; }
const char* label_of(Objeto value) { return entry(objetos, value).label; }
std::optional<Origen> parse_origen(std::string_view text) { return parse(origenes, text); }
std::optional<Objeto> parse_objeto(std::string_view text) { return parse(objetos, text); }

std::optional<Unidad> parse_unidad(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Unidad>, 25> words{{
        {"horas", Unidad::horas},
        {"hora", Unidad::horas},
        {"habiles", Unidad::habiles},
        {"hábiles", Unidad::habiles},
        {"habil", Unidad::habiles},
        {"hábil", Unidad::habiles},
        {"dias", Unidad::habiles},
        {"días", Unidad::habiles},
        {"dia", Unidad::habiles},
        {"día", Unidad::habiles},
        {"dias habiles", Unidad::habiles},
        {"días hábiles", Unidad::habiles},
        {"dia habil", Unidad::habiles},
        {"día hábil", Unidad::habiles},
        {"naturales", Unidad::naturales},
        {"natural", Unidad::naturales},
        {"dias naturales", Unidad::naturales},
        {"días naturales", Unidad::naturales},
        {"día natural", Unidad::naturales},
        {"meses", Unidad::meses},
        {"mes", Unidad::meses},
        {"años", Unidad::anos},
        {"año", Unidad::anos},
        {"anios", Unidad::anos},
        {"anio", Unidad::anos},
    }};
    for (const auto& [word, unidad] : words) {
        if (word == text) return unidad;
    }
    return std::nullopt;
}

std::optional<Plazo> Plazo::of(int cantidad, Unidad unidad) {
    if (cantidad < 1 || cantidad > most(unidad)) return std::nullopt;
    return Plazo(cantidad, unidad);
}

std::optional<Plazo> Plazo::parse(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const auto space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const auto cantidad = parse_number(text.substr(0, space), 5);
    const auto unidad = parse_unidad(text.substr(space + 1));
    return cantidad && unidad ? of(*cantidad, *unidad) : std::nullopt;
}

std::string Plazo::text() const { return std::to_string(cantidad_) + " " + name_of(unidad_); }

const std::vector<std::string>& causas() {
    static const std::vector<std::string> all{"22.1.a", "22.1.b", "22.1.c", "22.1.d", "22.1.e",
                                              "22.1.f", "22.1.g", "22.2.a", "22.2.b", "22.2.c"};
    return all;
}

}  // namespace calendar
