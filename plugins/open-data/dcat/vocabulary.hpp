// The controlled vocabularies that the metadata use, as constant tables. Lookups take a code (the last step
// of the URI) or the whole URI, and give nullptr where there is no such term: never throw, whatever they are
// given.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace open_data::dcat {

struct Term {
    std::string_view uri, es, en;
    constexpr std::string_view code() const { return uri.substr(uri.rfind('/') + 1); }
};

/// Primary sector of NTI-RISP, annex IV.
struct Sector {
    Term term;
    std::string_view data_theme;  ///< code of the EU theme that DCAT-AP-ES maps it to
};

enum class Level { country, autonomy, province };

/// Annex V of NTI-RISP. Degrees of ETRS89; the box is rounded outwards to two decimals.
struct Territory {
    Level level;
    std::string_view ine;       ///< two digits, of the province or of the autonomy; empty for the country
    std::string_view autonomy;  ///< two digits
    std::string_view uri, label;
    double west, south, east, north, longitude, latitude;
};

struct License {
    Term term;
    std::string_view type;  ///< of ADMS: "Attribution"
    std::string_view page;  ///< URL of its text
};

struct FileType {
    std::string_view format;  ///< ours, and the file's extension: "csv"
    Term term;
    std::string_view media_type;
    bool registered;        ///< the media type is IANA's
    bool non_proprietary;   ///< as the MQA lists it
    bool machine_readable;  ///< as the MQA lists it
};

struct Frequency {
    Term term;
    std::string_view duration;  ///< xsd:duration of the period ("P1Y"); empty where there is none
};

struct Language {
    std::string_view tag;  ///< "es"
    Term term;
    bool in_nti;  ///< the shapes of NTI-RISP 1.0.0 take it
};

std::span<const Sector> sectors();
std::span<const Term> data_themes();
std::span<const Territory> territories();
std::span<const License> licenses();
std::span<const FileType> file_types();
std::span<const Frequency> frequencies();
std::span<const Language> languages();
std::span<const Term> access_rights();
std::span<const Term> availabilities();
std::span<const Term> distribution_statuses();
std::span<const Term> hvd_categories();
std::span<const Term> license_types();

const Sector* find_sector(std::string_view code_or_uri);
const Term* find_data_theme(std::string_view code_or_uri);
/// By URI, also percent-encoded ("Espa%C3%B1a"), or by its last two steps ("Provincia/Madrid").
const Territory* find_territory(std::string_view uri);
/// What to name for data of that province: where it is an autonomy by itself, the autonomy (convention 16).
/// `ine`: two digits, or the code of a municipality (five digits).
const Territory* territory_of_province(std::string_view ine);
const Territory* find_autonomy(std::string_view ine);
/// Also by the address of its text, and with the underscores elsewhere: "CC_BY_SA_4_0" is the EU's
/// CC_BYSA_4_0.
const License* find_license(std::string_view code_or_uri);
/// By our format, in any case; then by code or URI of the EU's table.
const FileType* find_file_type(std::string_view format);
const FileType* find_media_type(std::string_view media_type);
const Frequency* find_frequency(std::string_view code_or_uri);
/// By tag ("es", "es-ES"), code ("SPA") or URI.
const Language* find_language(std::string_view tag_or_uri);
const Term* find_access_right(std::string_view code_or_uri);
const Term* find_availability(std::string_view code_or_uri);
const Term* find_distribution_status(std::string_view code_or_uri);
const Term* find_hvd_category(std::string_view code_or_uri);
const Term* find_license_type(std::string_view code_or_uri);
/// The scheme that a term of these tables is in, by the term's URI or its own.
const Term* find_scheme(std::string_view term_uri);

}  // namespace open_data::dcat
