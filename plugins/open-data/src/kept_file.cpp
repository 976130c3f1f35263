#include "kept_file.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace open_data {
namespace {

constexpr std::size_t longest_ending = 8;

bool is_figure(char c) { return c >= '0' && c <= '9'; }

/// "csv" may be one; ". 2026" of "Acta n. 2026" is none.
bool is_ending(std::string_view text) {
    return !text.empty() && text.size() <= longest_ending &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c); }) &&
           !std::all_of(text.begin(), text.end(), is_figure);
}

/// Its first letter, where that is one of ours: ASCII, or "á" to "þ".
void begin_with_capital(std::string& text) {
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
    if (text.size() < 2 || text[0] != '\xC3') return;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) text[1] = static_cast<char>(second - 32);
}

}  // namespace

std::string title_of_file(std::string_view file_name) {
    const auto dot = file_name.rfind('.');
    const auto stem = dot != std::string_view::npos && is_ending(file_name.substr(dot + 1))
                          ? file_name.substr(0, dot)
                          : file_name;
    // Hyphens are blanks where nothing else is; those of "2026-01-31" stay.
    const bool hyphened = stem.find_first_of(" _") == std::string_view::npos;
    std::string title;
    for (std::size_t i = 0; i < stem.size(); ++i) {
        const bool in_figures =
            i > 0 && i + 1 < stem.size() && is_figure(stem[i - 1]) && is_figure(stem[i + 1]);
        const bool blank = stem[i] == ' ' || stem[i] == '_' || (stem[i] == '-' && hyphened && !in_figures);
        if (!blank)
            title += stem[i];
        else if (!title.empty() && title.back() != ' ')
            title += ' ';
    }
    if (!title.empty() && title.back() == ' ') title.pop_back();
    if (title.empty()) return std::string(file_name);
    begin_with_capital(title);
    return title;
}

std::string ending_of(std::string_view file_name) {
    const auto dot = file_name.rfind('.');
    return dot == std::string_view::npos ? std::string() : dcat::to_lower(file_name.substr(dot + 1));
}

bool is_table(std::string_view ending) {
    for (const auto* known : {"csv", "tsv", "tab", "xlsx", "ods", "json", "ndjson", "jsonl", "geojson"})
        if (ending == known) return true;
    return false;
}

bool is_kept(const Resource& r) { return !r.tabular() && !r.blob.empty() && !r.meta["load"].is_object(); }

std::string written_format(std::string_view format) {
    auto text = dcat::to_lower(format);
    const auto* known = dcat::find_file_type(text);
    if (!known || known->format != text) return std::string(format);
    if (text == "geojson") return "GeoJSON";
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return text;
}

Incoming with_media_type(Incoming file) {
    if (!file.media_type.empty() && file.media_type != "application/octet-stream") return file;
    const auto* known = dcat::find_file_type(ending_of(file.file_name));
    file.media_type = known ? std::string(known->media_type) : "application/octet-stream";
    return file;
}

Resource keep_file(const concejo::Call& call, concejo::Transaction& tx, Resource r, const Incoming& file) {
    std::string left = r.version == 0 ? r.blob : std::string();  // versions have their own
    if (const auto& load = std::as_const(r.meta)["load"]; load.is_object()) {
        left = load.string_or("blob", "");
        r.meta["load"] = Json();
    }
    r.blob = call.put_file(tx, file.path, file.media_type);
    if (!left.empty()) call.remove_blob(tx, left);
    r.bytes = static_cast<std::int64_t>(call.blob_size(r.blob));
    r.file_name = file.file_name, r.media_type = file.media_type;
    if (r.format.empty()) r.format = written_format(ending_of(r.file_name));
    r.table.clear(), r.rows = 0, r.columns = Json::array();
    return Catalogue(tx).update(r);
}

}  // namespace open_data
