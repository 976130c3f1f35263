// What a new password must be like: length counts, composition rules do not (NIST SP 800-63B, 5.1.1.2).
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/identity/passwords.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kernel::identity {
namespace {

constexpr std::size_t least = 12, most = 256;

/// Lower case: the heads of the lists of leaked passwords, and what people in a town hall think of first.
/// Digits and marks hung on at the end are taken off before looking here ("ayuntamiento2026!").
constexpr std::array<std::string_view, 34> common{
    "password",      "passwordpassword", "passw0rd",       "contraseña",   "contrasena",    "micontraseña",
    "micontrasena",  "contrasenya",      "contrasinal",    "pasahitza",    "administrador", "administradora",
    "administrator", "administracion",   "administración", "ayuntamiento", "ajuntament",    "concello",
    "udala",         "concejo",          "alcaldia",       "alcaldía",     "secretaria",    "secretaría",
    "intervencion",  "intervención",     "tesoreria",      "tesorería",    "bienvenido",    "bienvenida",
    "qwertyuiop",    "asdfghjkl",        "qwerty",         "abcdef"};
constexpr std::array<std::string_view, 16> common_whole{
    "123456789012", "1234567890123",  "12345678901234", "123456789123", "987654321098", "1q2w3e4r5t6y",
    "1qaz2wsx3edc", "qwertyuiopas",   "asdfghjklzxc",   "abcdefghijkl", "abc123abc123", "qwertyqwerty",
    "qwertyasdfgh", "1q2w3e4r5t6y7u", "zaq12wsxcde3",   "iloveyou1234"};

/// "aaaaaaaaaaaa", "abababababab": fewer than four different characters.
bool monotonous(std::string_view text) { return std::set<char>(text.begin(), text.end()).size() < 4; }

bool is_common(const std::string& lower) {
    const auto bare = lower.substr(0, lower.find_last_not_of("0123456789.!-_*") + 1);
    return std::find(common.begin(), common.end(), bare) != common.end() ||
           std::find(common_whole.begin(), common_whole.end(), lower) != common_whole.end();
}

WeakPassword because(const char* message) { return WeakPassword{message}; }

}  // namespace

concejo::Result<std::string, WeakPassword> accept_password(std::string_view password,
                                                           std::string_view login) {
    if (!base::utf8_valid(password) || password.find('\0') != std::string_view::npos)
        return because(base::N_("La contraseña contiene caracteres que no se pueden leer."));
    const auto length = base::utf8_length(password);
    if (length < least)
        return because(base::N_(
            "La contraseña es demasiado corta: necesita al menos 12 caracteres. Tres o cuatro palabras sin "
            "relación sirven."));
    if (length > most)
        return because(base::N_("La contraseña es demasiado larga: admite hasta 256 caracteres."));
    const auto lower = base::lower_ascii(password);
    const auto name = base::lower_ascii(login);
    if (name.size() >= 4 && lower.find(name) != std::string::npos)
        return because(base::N_("La contraseña no puede contener el nombre de usuario."));
    if (is_common(lower) || monotonous(lower))
        return because(base::N_(
            "Esa contraseña es de las primeras que alguien probaría. Elija otra: tres o cuatro palabras sin "
            "relación sirven."));
    return std::string(password);
}

}  // namespace kernel::identity
