#include "plugins/evidence/log/leaf.hpp"

#include "plugins/evidence/log/decimal.hpp"
#include "plugins/evidence/log/jcs.hpp"

namespace evidence::log {
namespace {

using concejo::Json;

constexpr std::string_view whats[] = {"publicacion", "retirada", "disponibilidad", "sello", "incidencia"};
constexpr std::string_view seens[] = {"visible", "ausente", "distinto", "error"};

bool of(std::string_view text, std::size_t longest, std::string_view also) {
    return !text.empty() && text.size() <= longest && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               also.find(c) != std::string_view::npos;
    });
}
bool is_id(std::string_view text) { return of(text, 64, "._:-"); }

/// Days of the month are those of the calendar; a 60th second is not taken.
bool is_date(std::string_view text) {
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
    const auto number = [&](std::size_t at, std::size_t size) {
        int value = 0;
        std::from_chars(text.data() + at, text.data() + at + size, value);
        return value;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (month < 1 || month > 12 || day < 1) return false;
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && leap) && number(11, 2) < 24 && number(14, 2) < 60 &&
           number(17, 2) < 60;
}

/// Which members a kind has, and how they look; empty: it is right.
std::string wrong(const Leaf& leaf) {
    const bool sample = leaf.what == What::disponibilidad, withdrawn = leaf.what == What::retirada;
    if (!is_id(leaf.municipio)) return "municipio";
    if (!is_id(leaf.documento)) return "documento";
    if (!is_date(leaf.fecha)) return "fecha";
    if (leaf.huella.has_value() == (sample || withdrawn)) return "huella";
    if ((sample || withdrawn) && !leaf.anterior) return "anterior";
    if (leaf.csv && ((leaf.what != What::publicacion && leaf.what != What::sello) || !is_id(*leaf.csv)))
        return "csv";
    if (leaf.testigo.has_value() != sample || (sample && !of(*leaf.testigo, 128, "._:-/"))) return "testigo";
    if (leaf.resultado.has_value() != sample) return "resultado";
    return {};
}

template <class E, std::size_t N>
std::optional<E> named(const std::string_view (&names)[N], std::string_view text) {
    const auto found = std::find(std::begin(names), std::end(names), text);
    if (found == std::end(names)) return std::nullopt;
    return static_cast<E>(found - std::begin(names));
}

std::optional<std::string> text_of(const Json& json, std::string_view member) {
    const auto& value = json[member];
    return value.is_string() ? std::optional(value.as_string()) : std::nullopt;
}

Json to_json(const Leaf& leaf) {
    Json json = Json::object({{"v", 1},
                              {"tipo", name(leaf.what)},
                              {"municipio", leaf.municipio},
                              {"documento", leaf.documento},
                              {"fecha", leaf.fecha}});
    if (leaf.huella) json["huella"] = crypto::hex(crypto::view(*leaf.huella));
    if (leaf.anterior) json["anterior"] = crypto::hex(crypto::view(*leaf.anterior));
    if (leaf.csv) json["csv"] = *leaf.csv;
    if (leaf.testigo) json["testigo"] = *leaf.testigo;
    if (leaf.resultado) json["resultado"] = name(*leaf.resultado);
    return json;
}

}  // namespace

std::string_view name(What what) { return whats[static_cast<std::size_t>(what)]; }
std::string_view name(Seen seen) { return seens[static_cast<std::size_t>(seen)]; }

Digest salted(std::string_view salt, const Digest& content) {
    return crypto::Sha256().add(salt).add(crypto::view(content)).finish();
}

std::string to_entry(const Leaf& leaf) {
    if (const auto member = wrong(leaf); !member.empty())
        throw concejo::Error(concejo::ErrorKind::invalid, "leaf: " + member);
    return canonical(to_json(leaf));
}

concejo::Result<Leaf, std::string> parse_leaf(std::string_view entry) {
    const auto json = parse_canonical(entry);
    if (!json || !json->is_object()) return std::string("JSON");
    Leaf leaf;
    const auto what = named<What>(whats, json->string_or("tipo", ""));
    if (!what) return std::string("tipo");
    leaf.what = *what;
    leaf.municipio = json->string_or("municipio", "");
    leaf.documento = json->string_or("documento", "");
    leaf.fecha = json->string_or("fecha", "");
    if (const auto text = text_of(*json, "huella")) leaf.huella = digest_of_hex(*text);
    if (const auto text = text_of(*json, "anterior")) leaf.anterior = digest_of_hex(*text);
    if (const auto text = text_of(*json, "resultado")) leaf.resultado = named<Seen>(seens, *text);
    leaf.csv = text_of(*json, "csv");
    leaf.testigo = text_of(*json, "testigo");
    if (auto member = wrong(leaf); !member.empty()) return member;
    // Members that are not ours, or of another type or version, are not written again.
    if (canonical(to_json(leaf)) != entry) return std::string("JSON");
    return leaf;
}

}  // namespace evidence::log
