// Texts. The msgid is the Spanish text; locale/*.po holds the other four languages, and the build's gate
// reads both from the calls of tr(), trn() and N_().
#pragma once

#include <concejo/call.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace buzon {

inline constexpr const char* plugin_id = "es.riomar.buzon";
inline constexpr const char* may_answer =
    "es.riomar.buzon.atender";  ///< permission of staff, scope of tokens
inline constexpr const char* service = "es.riomar.buzon:1";
inline constexpr const char* received_event = "es.riomar.buzon.recibida";

/// Marks a text that is translated later: where there is a call, or by the kernel where it is the message of
/// an Error.
constexpr const char* N_(const char* msgid) { return msgid; }

/// fill("Le quedan {n} días", "n", "3")
inline std::string fill(std::string text, std::string_view name, std::string_view value) {
    const std::string hole = "{" + std::string(name) + "}";
    if (const auto at = text.find(hole); at != std::string::npos) text.replace(at, hole.size(), value);
    return text;
}

/// The day of an instant, in words, without the time.
inline std::string day(const concejo::Call& call, std::int64_t unix_seconds) {
    constexpr auto no_time = static_cast<concejo::Style>(-1);
    return call.instant(unix_seconds, concejo::Style::long_, no_time);
}

/// What a suggestion may be about: {code, msgid}.
inline constexpr std::pair<std::string_view, const char*> topics[] = {
    {"calles", N_("Calles y alumbrado")}, {"limpieza", N_("Limpieza y residuos")},
    {"playas", N_("Parques y playas")},   {"cultura", N_("Cultura, fiestas y deporte")},
    {"otro", N_("Otro asunto")},
};

/// The topic's name in the reader's language; the code itself where no such topic is known.
inline std::string topic_name(const concejo::Call& call, std::string_view code) {
    for (const auto& [known, msgid] : topics) {
        if (known == code) return call.tr(msgid);
    }
    return std::string(code);
}

}  // namespace buzon
