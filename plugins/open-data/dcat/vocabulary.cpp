#include "vocabulary.hpp"

#include "text.hpp"

#include <algorithm>

namespace open_data::dcat {
namespace {

constexpr Sector sector_table[] = {
#include "tables/sectors.inc"
};
constexpr Term data_theme_table[] = {
#include "tables/data_themes.inc"
};
constexpr Territory territory_table[] = {
#include "tables/territories.inc"
};
constexpr License license_table[] = {
#include "tables/licences.inc"
};
constexpr FileType file_type_table[] = {
#include "tables/file_types.inc"
};
constexpr Frequency frequency_table[] = {
#include "tables/frequencies.inc"
};
constexpr Language language_table[] = {
#include "tables/languages.inc"
};
constexpr Term access_right_table[] = {
#include "tables/access_rights.inc"
};
constexpr Term availability_table[] = {
#include "tables/availabilities.inc"
};
constexpr Term distribution_status_table[] = {
#include "tables/distribution_statuses.inc"
};
constexpr Term hvd_category_table[] = {
#include "tables/hvd_categories.inc"
};
constexpr Term scheme_table[] = {
#include "tables/schemes.inc"
};
constexpr Term license_type_table[] = {
#include "tables/licence_types.inc"
};

constexpr const Term& term_of(const Term& entry) { return entry; }
template <class Entry>
constexpr const Term& term_of(const Entry& entry) {
    return entry.term;
}

template <class Entry, std::size_t size>
const Entry* find_in(const Entry (&table)[size], std::string_view code_or_uri) {
    for (const auto& entry : table) {
        const Term& term = term_of(entry);
        if (term.uri == code_or_uri || term.code() == code_or_uri) return &entry;
    }
    return nullptr;
}

const Territory* find_level(Level level, std::string_view ine) {
    for (const auto& territory : territory_table) {
        if (territory.level == level && territory.ine == ine) return &territory;
    }
    return nullptr;
}

std::string without_underscores(std::string_view code) {
    std::string out(code);
    std::erase(out, '_');
    return out;
}

/// Whatever the scheme and the slash at the end.
bool same_page(std::string_view page, std::string_view other) {
    const auto core = [](std::string_view url) {
        const auto scheme = url.find("://");
        if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
        if (url.ends_with('/')) url.remove_suffix(1);
        return url;
    };
    return core(page) == core(other);
}

int provinces_of(std::string_view autonomy) {
    int found = 0;
    for (const auto& territory : territory_table)
        found += territory.level == Level::province && territory.autonomy == autonomy;
    return found;
}

}  // namespace

std::span<const Sector> sectors() { return sector_table; }
std::span<const Term> data_themes() { return data_theme_table; }
std::span<const Territory> territories() { return territory_table; }
std::span<const License> licenses() { return license_table; }
std::span<const FileType> file_types() { return file_type_table; }
std::span<const Frequency> frequencies() { return frequency_table; }
std::span<const Language> languages() { return language_table; }
std::span<const Term> access_rights() { return access_right_table; }
std::span<const Term> availabilities() { return availability_table; }
std::span<const Term> distribution_statuses() { return distribution_status_table; }
std::span<const Term> hvd_categories() { return hvd_category_table; }
std::span<const Term> license_types() { return license_type_table; }

const Sector* find_sector(std::string_view code_or_uri) { return find_in(sector_table, code_or_uri); }
const Term* find_data_theme(std::string_view code_or_uri) { return find_in(data_theme_table, code_or_uri); }
const Frequency* find_frequency(std::string_view code_or_uri) {
    return find_in(frequency_table, code_or_uri);
}
const Term* find_access_right(std::string_view code_or_uri) {
    return find_in(access_right_table, code_or_uri);
}
const Term* find_availability(std::string_view code_or_uri) {
    return find_in(availability_table, code_or_uri);
}
const Term* find_distribution_status(std::string_view code_or_uri) {
    return find_in(distribution_status_table, code_or_uri);
}
const Term* find_hvd_category(std::string_view code_or_uri) {
    return find_in(hvd_category_table, code_or_uri);
}
const Term* find_license_type(std::string_view code_or_uri) {
    return find_in(license_type_table, code_or_uri);
}

const Term* find_scheme(std::string_view term_uri) {
    const auto folder = term_uri.substr(0, term_uri.rfind('/'));
    for (const auto& scheme : scheme_table) {
        if (scheme.uri == folder || scheme.uri == term_uri) return &scheme;
    }
    for (const auto& scheme :
         scheme_table) {  // http://purl.org/adms/licencetype/Attribution is of …/licencetype/1.0
        if (scheme.uri.substr(0, scheme.uri.rfind('/')) == folder) return &scheme;
    }
    return nullptr;
}

const License* find_license(std::string_view code_or_uri) {
    const auto* license = find_in(license_table, code_or_uri);
    if (license || code_or_uri.empty()) return license;
    for (const auto& entry : license_table) {
        if (without_underscores(entry.term.code()) == without_underscores(code_or_uri)) return &entry;
        if (same_page(entry.page, code_or_uri)) return &entry;
    }
    return nullptr;
}

const Territory* find_territory(std::string_view uri) {
    const bool encoded = uri.find('%') != std::string_view::npos;
    for (const auto& territory : territory_table) {
        if (territory.uri == uri || (encoded && encode_uri(territory.uri) == uri)) return &territory;
        if (territory.uri.ends_with(uri) && std::count(uri.begin(), uri.end(), '/') == 1 &&
            territory.uri[territory.uri.size() - uri.size() - 1] == '/')
            return &territory;
    }
    return nullptr;
}

const Territory* territory_of_province(std::string_view ine) {
    if (ine.size() != 2 && ine.size() != 5) return nullptr;
    const auto* province = find_level(Level::province, ine.substr(0, 2));
    if (!province) return nullptr;
    return provinces_of(province->autonomy) == 1 ? find_autonomy(province->autonomy) : province;
}

const Territory* find_autonomy(std::string_view ine) { return find_level(Level::autonomy, ine); }

const FileType* find_file_type(std::string_view format) {
    const auto wanted = to_lower(format);
    for (const auto& type : file_type_table) {
        if (type.format == wanted) return &type;
    }
    return find_in(file_type_table, format);
}

const FileType* find_media_type(std::string_view media_type) {
    const auto wanted = to_lower(media_type.substr(0, media_type.find(';')));
    for (const auto& type : file_type_table) {
        if (type.media_type == wanted) return &type;
    }
    return nullptr;
}

const Language* find_language(std::string_view tag_or_uri) {
    const auto tag = to_lower(tag_or_uri.substr(0, tag_or_uri.find('-')));
    for (const auto& language : language_table) {
        if (language.tag == tag) return &language;
    }
    return find_in(language_table, tag_or_uri);
}

}  // namespace open_data::dcat
