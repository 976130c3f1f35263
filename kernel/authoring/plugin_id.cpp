#include "kernel/authoring/plugin_id.hpp"

#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kernel::authoring {
namespace {

constexpr std::size_t longest = 40;  // in front of a table's name, of PostgreSQL's 63 bytes

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

std::string wrong_part(std::string_view part) {
    if (part.empty()) return base::tr("tiene dos puntos seguidos, o uno al principio o al final");
    if (!lower(part.front())) return base::tr("«{}» no empieza por una letra minúscula", part);
    if (part.back() == '-') return base::tr("«{}» acaba en guion", part);
    const auto odd =
        std::find_if_not(part.begin(), part.end(), [](char c) { return lower(c) || digit(c) || c == '-'; });
    if (odd != part.end())
        return base::tr("en «{}» solo caben letras minúsculas sin acentos, cifras y guiones", part);
    if (part.find("--") != std::string_view::npos) return base::tr("«{}» tiene dos guiones seguidos", part);
    return {};
}

}  // namespace

concejo::Result<PluginId, std::string> PluginId::parse(std::string_view text) {
    const auto refuse = [&](const std::string& why) {
        return base::tr(
            "«{0}» no sirve de identificador: {1}. Es un dominio suyo al revés y un nombre, como "
            "es.miayto.buzon",
            text, why);
    };
    if (text.empty()) return refuse(base::tr("está vacío"));
    if (text.size() > longest)
        return refuse(base::tr("mide {0} letras y caben {1}, porque va delante de los nombres de sus tablas",
                               text.size(), longest));
    const auto parts = base::split(text, '.');
    for (const auto part : parts) {
        if (const auto why = wrong_part(part); !why.empty()) return refuse(why);
    }
    if (parts.size() < 3)
        return refuse(parts.size() == 1
                          ? base::tr("los nombres sin punto son de los complementos oficiales")
                          : base::tr("faltan partes: el dominio tiene al menos dos, y luego va el nombre"));
    return PluginId(std::string(text));
}

std::string snake_of(std::string_view id) {
    std::string name(id);
    for (char& c : name) {
        if (c == '.' || c == '-') c = '_';
    }
    return name;
}

std::string PluginId::snake() const { return snake_of(text_); }

std::string PluginId::name() const { return text_.substr(text_.rfind('.') + 1); }

std::string PluginId::class_name() const {
    std::string out;
    bool upper = true;
    for (const char c : name()) {
        if (c == '-') {
            upper = true;
            continue;
        }
        out += upper && lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return out;
}

}  // namespace kernel::authoring
