#include "kernel/net/http_cache.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/files.hpp"
#include "kernel/base/log.hpp"
#include "kernel/base/random.hpp"
#include "kernel/base/text.hpp"

#include <concejo/json.hpp>

#include <algorithm>
#include <array>

namespace kernel::net {

namespace fs = std::filesystem;
using concejo::Json;

namespace {

constexpr std::array<std::string_view, 3> in_key{"accept", "accept-language", "accept-encoding"};

bool may_be_kept(const HttpAnswer& answer) {
    if (answer.status != 200 || (answer.field("ETag").empty() && answer.field("Last-Modified").empty()))
        return false;
    if (base::lower_ascii(answer.field("Cache-Control")).find("no-store") != std::string::npos) return false;
    if (answer.field("Vary").empty()) return true;
    for (const auto part : base::split(answer.field("Vary"), ',')) {
        if (std::find(in_key.begin(), in_key.end(), base::lower_ascii(base::trim(part))) == in_key.end())
            return false;
    }
    return true;
}

}  // namespace

std::string HttpCache::key(const std::string& url, const Fields& fields) {
    auto text = url;
    for (const auto name : in_key) {
        const auto* value = find_field(fields, name);
        text += "\n" + (value ? *value : std::string());
    }
    return base::sha256_hex(text);
}

std::optional<HttpCache::Kept> HttpCache::find(const std::string& tenant, const std::string& key) const {
    try {
        const auto json = Json::parse(base::read_file(folder_ / tenant / (key + ".json"), 1 << 20));
        Kept kept;
        kept.answer.status = 200;
        kept.answer.url = json.at("url").as_string();
        kept.answer.sha256 = json.at("sha256").as_string();
        kept.answer.bytes = static_cast<std::uint64_t>(json.at("bytes").as_int());
        for (const auto& field : json.at("fields").as_array())
            kept.answer.fields.emplace_back(field.as_array().at(0).as_string(),
                                            field.as_array().at(1).as_string());
        kept.etag = kept.answer.field("ETag");
        kept.modified = kept.answer.field("Last-Modified");
        kept.body = folder_ / tenant / json.at("file").as_string();
        if (fs::file_size(kept.body) != kept.answer.bytes) return std::nullopt;
        return kept;
    } catch (const std::exception&) {  // nothing there, or half of it: as good as nothing
        return std::nullopt;
    }
}

// The body has a name of its own each time: whoever reads the old one while it is replaced has the old
// description.
void HttpCache::store(const std::string& tenant, const std::string& key, const HttpAnswer& answer,
                      const fs::path* body) const noexcept {
    if (!may_be_kept(answer) || answer.bytes > capacity_ / 4) return;
    try {
        const auto folder = folder_ / tenant;
        fs::create_directories(folder);
        const auto before = find(tenant, key);
        const auto file = key + "." + base::random_hex(4);
        if (body)
            fs::copy_file(*body, folder / file);
        else
            base::write_file_atomically(folder / file, answer.body, 0600);
        Json fields = Json::array();
        for (const auto& [name, value] : answer.fields) {
            if (base::utf8_valid(value)) fields.push_back(Json::array({Json(name), Json(value)}));
        }
        const auto description = Json::object({{"url", answer.url},
                                               {"sha256", answer.sha256},
                                               {"bytes", static_cast<std::int64_t>(answer.bytes)},
                                               {"file", file},
                                               {"fields", std::move(fields)}});
        base::write_file_atomically(folder / (key + ".json"), description.dump(), 0600);
        if (before) fs::remove(before->body);
        make_room(folder);
    } catch (const std::exception& error) {
        base::log_warning({"net", tenant, {}, {}}, "no se ha podido guardar la copia de una respuesta",
                          Json::object({{"error", error.what()}}));
    }
}

/// The longest unused go first, with their descriptions (a description without its body is nothing).
void HttpCache::make_room(const fs::path& folder) const {
    struct Entry {
        fs::path path;
        fs::file_time_type time;
        std::uint64_t bytes;
    };
    std::vector<Entry> entries;
    std::uint64_t total = 0;
    for (const auto& file : fs::directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        entries.push_back({file.path(), file.last_write_time(), file.file_size()});
        total += entries.back().bytes;
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    for (const auto& entry : entries) {
        if (total <= capacity_) return;
        std::error_code ignored;
        fs::remove(entry.path, ignored);
        total -= entry.bytes;
    }
}

}  // namespace kernel::net
