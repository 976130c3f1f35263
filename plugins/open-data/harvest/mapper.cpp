#include "mapper.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <concejo/text.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace open_data::harvest {
namespace {

using concejo::N_;

/// The sector that stands for an EU theme: several sectors have each, so that this is a choice of ours, and
/// noted.
constexpr std::pair<std::string_view, std::string_view> sector_of_theme[] = {
    {"AGRI", "medio-rural-pesca"},
    {"ECON", "economia"},
    {"EDUC", "educacion"},
    {"ENER", "energia"},
    {"ENVI", "medio-ambiente"},
    {"GOVE", "sector-publico"},
    {"HEAL", "salud"},
    {"JUST", "legislacion-justicia"},
    {"REGI", "urbanismo-infraestructuras"},
    {"SOCI", "sociedad-bienestar"},
    {"TECH", "ciencia-tecnologia"},
    {"TRAN", "transporte"}};

std::string cut_at(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    return std::string(text.substr(0, most));
}

/// "medio-ambiente" of "Medio Ambiente": ASCII small letters of the first bytes of each letter, for labels of
/// sectors.
std::string plain_letters(std::string_view text) {
    static constexpr std::pair<std::string_view, char> accents[] = {
        {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"Á", 'a'},
        {"É", 'e'}, {"Í", 'i'}, {"Ó", 'o'}, {"Ú", 'u'}, {"ñ", 'n'}, {"Ñ", 'n'}};
    std::string out;
    while (!text.empty()) {
        const auto* accent = std::find_if(std::begin(accents), std::end(accents),
                                          [&](const auto& one) { return text.starts_with(one.first); });
        if (accent != std::end(accents)) {
            out += accent->second, text.remove_prefix(2);
            continue;
        }
        const char c = text.front();
        out += c >= 'A' && c <= 'Z'                               ? static_cast<char>(c + 32)
               : (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c
                                                                  : '-';
        text.remove_prefix(1);
    }
    return out;
}

const dcat::Sector* sector_called(const std::string& theme) {
    if (const auto* known = dcat::find_sector(theme)) return known;
    const auto plain = plain_letters(theme);
    for (const auto& one : dcat::sectors())
        if (plain == one.term.code() || plain == plain_letters(one.term.es)) return &one;
    return nullptr;
}

std::string upper(std::string_view ascii) {
    std::string out(ascii);
    for (auto& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

std::string_view last_step(std::string_view address) {
    while (address.ends_with('/')) address.remove_suffix(1);
    return address.substr(address.find_last_of("/#") + 1);
}

}  // namespace

void Mapper::note(const char* what, std::string_view value) {
    auto& notes = item_.notes.as_array();
    auto made =
        Json::object({{"what", what}, {"value", cut_at(dcat::clean_text(value.substr(0, 400)), 300)}});
    if (notes.size() < most_notes && std::find(notes.begin(), notes.end(), made) == notes.end())
        notes.push_back(std::move(made));
}

std::string Mapper::text(std::string_view raw, std::size_t most) {
    auto clean = dcat::clean_text(raw.substr(0, most * 2 + 4));
    if (clean.size() > most) note(N_("Un texto es tan largo que se corta: «{valor}…»."), cut_at(clean, 60));
    return cut_at(clean, most);
}

void Mapper::put(Json& texts, std::string_view language, std::string_view raw, std::size_t most) {
    if (!texts.is_object()) texts = Json::object();
    auto tag = dcat::language_tag(language);
    tag = tag.empty() ? "es" : tag.substr(0, tag.find('-'));
    auto clean = text(raw, most);
    if (clean.empty() || texts.contains(tag) || texts.size() >= 30) return;
    texts[tag] = std::move(clean);
}

void Mapper::need_spanish(Json& texts) {
    if (!texts.is_object() || texts.empty() || texts.contains("es")) return;
    const auto [language, said] = texts.as_object().front();
    note(N_("No hay texto en español: se pone el que hay en «{valor}»."), language);
    texts["es"] = said;
}

std::string Mapper::address(std::string_view raw) {
    if (raw.empty()) return {};
    auto encoded = raw.size() > 2'000 ? std::string() : dcat::encode_uri(dcat::clean_text(raw));
    if (dcat::is_web_url(encoded)) return encoded;
    note(N_("«{valor}» no es una dirección web, y no se toma."), raw);
    return {};
}

std::string Mapper::instant(std::string_view raw) {
    const std::string said(raw.substr(0, 40));
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const int parts =
        std::sscanf(said.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second);
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (parts < 3 || !date.ok() || year < 1000 || hour > 23 || minute > 59 || second > 60 || hour < 0 ||
        minute < 0 || second < 0) {
        if (!said.empty()) note(N_("«{valor}» no es una fecha, y no se toma."), said);
        return {};
    }
    auto at = sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
    int zone_hours = 0, zone_minutes = 0;
    const auto zone = said.find_first_of("+-", 19);
    if (parts == 6 && zone != std::string::npos &&
        std::sscanf(said.c_str() + zone + 1, "%2d:%2d", &zone_hours, &zone_minutes) == 2)
        at -= (said[zone] == '-' ? -1 : 1) * (hours(zone_hours) + minutes(zone_minutes));
    if (at > system_clock::now() + hours(24)) {
        note(N_("La fecha «{valor}» está en el futuro, y no se toma."), said);
        return {};
    }
    const auto moment = floor<seconds>(at);
    const auto whole_day = floor<days>(moment);
    const year_month_day d{whole_day};
    const hh_mm_ss t{moment - whole_day};
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(d.year()),
                  static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()),
                  static_cast<int>(t.hours().count()), static_cast<int>(t.minutes().count()),
                  static_cast<int>(t.seconds().count()));
    return text;
}

std::string Mapper::day(std::string_view raw) {
    int year = 0, month = 1, day = 1;
    const std::string said(raw.substr(0, 10));
    const int parts = std::sscanf(said.c_str(), "%4d-%2d-%2d", &year, &month, &day);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (parts < 1 || year < 1000 || !date.ok()) {
        if (!said.empty()) note(N_("«{valor}» no es una fecha, y no se toma."), raw.substr(0, 40));
        return {};
    }
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return text;
}

Json Mapper::sectors(const std::vector<std::string>& themes) {
    Json found = Json::array();
    const auto add = [&](std::string_view code) {
        auto& all = found.as_array();
        if (std::find(all.begin(), all.end(), Json(code)) == all.end()) all.emplace_back(code);
    };
    std::vector<std::string> rest;
    for (const auto& theme : themes) {
        if (const auto* sector = sector_called(theme))
            add(sector->term.code());
        else if (!theme.empty())
            rest.push_back(theme);
    }
    const bool by_nti = !found.empty();
    for (const auto& theme : rest) {
        const auto* european = dcat::find_data_theme(theme);
        const auto* chosen =
            european ? std::find_if(std::begin(sector_of_theme), std::end(sector_of_theme),
                                    [&](const auto& one) { return one.first == european->code(); })
                     : std::end(sector_of_theme);
        if (!european || chosen == std::end(sector_of_theme)) {
            note(N_("El tema «{valor}» no está en el vocabulario."), theme);
        } else if (!by_nti) {
            add(chosen->second);
            note(N_("El sector sale del tema europeo «{valor}», que reúne varios."), european->code());
        }
    }
    if (found.empty() && !terms_.sector.empty()) {
        note(N_("No hay ningún sector conocido: se pone «{valor}», el de la fuente."), terms_.sector);
        add(terms_.sector);
    }
    return found;
}

std::string Mapper::license(const std::string& raw, const std::string& address_of) {
    for (const auto& one : {raw, terms_.license_called(raw), address_of})
        if (const auto* known = one.empty() ? nullptr : dcat::find_license(one))
            return std::string(known->term.code());
    for (const auto& one : {raw, address_of})
        if (const auto url = dcat::encode_uri(one); dcat::is_web_url(url) && url.size() <= 2'000) {
            note(N_("La licencia «{valor}» no está en el vocabulario europeo: se deja su dirección."), url);
            return url;
        }
    if (!raw.empty()) note(N_("La licencia «{valor}» no está en el vocabulario."), raw);
    if (!terms_.license.empty())
        note(N_("No hay ninguna licencia conocida: se pone «{valor}», la de la fuente."), terms_.license);
    return terms_.license;
}

std::string Mapper::frequency(const std::string& raw) {
    if (raw.empty()) return {};
    if (const auto* known = dcat::find_frequency(raw)) return std::string(known->term.code());
    const auto plain = plain_letters(raw);
    for (const auto& one : dcat::frequencies())
        if ((!one.duration.empty() && one.duration == raw) || plain == plain_letters(one.term.es) ||
            plain == plain_letters(one.term.en))
            return std::string(one.term.code());
    note(N_("La frecuencia «{valor}» no está en el vocabulario."), raw);
    return {};
}

std::string Mapper::availability(const std::string& raw) {
    const auto code = upper(last_step(raw));
    if (dcat::find_availability(code)) return code;
    if (!raw.empty()) note(N_("La disponibilidad «{valor}» no está en el vocabulario."), raw);
    return {};
}

std::string Mapper::format(const std::vector<std::string>& hints) {
    for (const auto& hint : hints) {
        if (hint.empty()) continue;
        const auto* known = dcat::find_file_type(hint);
        if (!known) known = dcat::find_media_type(hint);
        if (const auto at = hint.find("/media-types/"); !known && at != std::string::npos)
            known = dcat::find_media_type(hint.substr(at + 13));
        if (!known && hint.size() < 12) known = dcat::find_file_type(std::string(last_step(hint)));
        if (known) return upper(known->format);
    }
    for (const auto& hint : hints)
        if (!hint.empty()) {
            note(N_("El formato «{valor}» no está en el vocabulario."), hint);
            break;
        }
    return {};
}

std::string Mapper::territory(const std::vector<std::string>& places) {
    std::string found;
    for (const auto& place : places) {
        const auto* known = dcat::find_territory(place);
        if (!known)
            note(N_("El territorio «{valor}» no está en el vocabulario."), place);
        else if (found.empty())
            found = known->uri;
        else
            note(N_("Solo se toma un territorio: queda fuera «{valor}»."), place);
    }
    return found;
}

}  // namespace open_data::harvest
