#include "kept_file.hpp"

#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"

#include <algorithm>
#include <utility>

namespace open_data {

std::string ending_of(std::string_view file_name) {
    const auto dot = file_name.rfind('.');
    return dot == std::string_view::npos ? std::string() : dcat::to_lower(file_name.substr(dot + 1));
}

bool is_table(std::string_view ending) {
    for (const auto* known : {"csv", "tsv", "tab", "xlsx", "ods", "json", "ndjson", "jsonl", "geojson"})
        if (ending == known) return true;
    return false;
}

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
