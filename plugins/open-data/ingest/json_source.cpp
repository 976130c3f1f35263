// JSON, NDJSON and GeoJSON as rows: an object each, its members in columns in the order in which they first
// come.
#include "plugins/open-data/ingest/json_scan.hpp"
#include "plugins/open-data/ingest/source.hpp"
#include "plugins/open-data/ingest/splitter.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>
#include <unordered_map>

namespace open_data::ingest {
namespace {

enum class JsonKind { none, array, lines, features };

constexpr std::size_t whole_text = std::string_view::npos;

std::string_view json_text(std::string_view bytes) {
    return bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
}

/// Of a feature (RFC 7946): its properties, and where it is: lon and lat of a point, else the geometry as it
/// stands.
bool feature_members(std::string_view feature, JsonMembers& out) {
    JsonScan scan(feature);
    std::string_view geometry;
    if (!scan.take('{')) return false;
    if (scan.take('}')) return true;
    do {
        std::string key;
        if (!scan.string(key) || !scan.take(':')) return false;
        const auto value = scan.value();
        if (value.empty()) return false;
        if (key == "geometry") geometry = value;
        if (key == "properties" && value != "null" && !flatten(value, out)) return false;
    } while (scan.take(','));
    JsonMembers parts;
    if (geometry.empty() || !flatten(geometry, parts)) return true;  // null, or none
    const auto part = [&](std::string_view name) {
        const auto at =
            std::find_if(parts.begin(), parts.end(), [&](const auto& one) { return one.first == name; });
        return at == parts.end() ? std::string_view() : at->second;
    };
    JsonScan point(part("coordinates"));
    if (part("type") != "\"Point\"" || !point.take('[')) return out.emplace_back("geometria", geometry), true;
    const auto lon = point.value();
    const auto lat = point.take(',') ? point.value() : std::string_view();
    if (!lon.empty() && !lat.empty()) out.emplace_back("lon", lon), out.emplace_back("lat", lat);
    return true;
}

/// The objects of an array, or of the lines of a text.
class JsonItems {
public:
    JsonItems(std::string_view text, std::size_t begin, JsonKind kind)
        : text_(text), scan_(text, begin), kind_(kind) {
        if (kind_ != JsonKind::lines) scan_.take('[');
    }

    /// False at the end. An empty `item` is one that is no JSON, `line` where it begins. An array that breaks
    /// off throws.
    bool next(std::string_view& item, std::uint64_t& line) {
        const char c = scan_.peek();
        line = line_at(scan_.at());
        if (kind_ == JsonKind::lines) {
            if (c == '\0' && scan_.at() >= text_.size()) return false;
            const auto stop = std::min(text_.find('\n', scan_.at()), text_.size());
            JsonScan inside(text_.substr(0, stop), scan_.at());
            item = inside.value();
            if (!item.empty() && (inside.peek(), inside.at()) != stop) item = {};
            scan_.go(stop);
            return true;
        }
        if (c == ']') return false;
        item = scan_.value();
        if (!item.empty() && (scan_.take(',') || scan_.peek() == ']')) return true;
        throw concejo::Error(
            concejo::ErrorKind::invalid,
            concejo::fill(concejo::N_("el JSON está mal formado a partir de la línea {linea}"),
                          {{"linea", std::to_string(line)}}));
    }

private:
    std::uint64_t line_at(std::size_t at) {
        line_ +=
            static_cast<std::uint64_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                                  text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
        counted_ = at;
        return line_;
    }

    std::string_view text_;
    JsonScan scan_;
    JsonKind kind_;
    std::size_t counted_ = 0;
    std::uint64_t line_ = 1;
};

bool members_of(std::string_view item, JsonKind kind, JsonMembers& out) {
    out.clear();
    return kind == JsonKind::features ? feature_members(item, out) : flatten(item, out);
}

/// Names of all objects; what a cell of a header is makes them: single, without outer blanks.
std::vector<std::string> member_names(JsonItems items, JsonKind kind) {
    std::vector<std::string> names;
    std::unordered_map<std::string, bool> seen;
    JsonMembers members;
    std::string_view item;
    std::uint64_t line = 0;
    while (items.next(item, line)) {
        if (item.size() > max_row || !members_of(item, kind, members)) continue;
        for (const auto& [name, value] : members) {
            if (seen.emplace(name, true).second) names.push_back(name);
        }
        if (names.size() > max_columns)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 concejo::N_("los objetos del JSON tienen más de 2000 nombres distintos"));
    }
    return names;
}

class JsonCursor : public Cursor {
public:
    JsonCursor(JsonItems items, JsonKind kind, const std::vector<std::string>& names)
        : items_(items), kind_(kind), cells_(names) {
        for (std::size_t i = 0; i < names.size(); ++i) places_.emplace(names[i], i);
    }

    bool next(Row& row) override {
        if (!named_) return named_ = true, give(row, 0);
        std::string_view item;
        std::uint64_t line = 0;
        if (!items_.next(item, line)) return false;
        for (auto& cell : cells_) cell.clear();
        row = {line, {}, item.size() > max_row ? Fault::row_too_large : Fault::none};
        if (row.fault == Fault::none && !members_of(item, kind_, members_)) row.fault = Fault::malformed;
        if (row.fault != Fault::none) return true;
        for (const auto& [name, value] : members_) {
            if (value.size() > max_cell) row.fault = Fault::cell_too_large;
            const auto place = places_.find(name);
            if (place != places_.end() && row.fault == Fault::none) cells_[place->second] = json_cell(value);
        }
        return row.fault != Fault::none || give(row, line);
    }

private:
    bool give(Row& row, std::uint64_t line) {
        views_.clear();
        for (const auto& cell : cells_) views_.push_back(trimmed(cell));
        row = {line, views_, Fault::none};
        return true;
    }

    JsonItems items_;
    JsonKind kind_;
    std::vector<std::string> cells_;
    std::vector<std::string_view> views_;
    std::unordered_map<std::string, std::size_t> places_;
    JsonMembers members_;
    bool named_ = false;
};

struct JsonRows {
    JsonKind kind = JsonKind::none;
    std::string member;
    std::size_t begin = 0;
};

JsonRows tell_json(std::string_view text) {
    JsonScan scan(text);
    JsonRows rows;
    const char first = scan.peek();
    if (first != '[' && first != '{') return rows;
    const auto line = text.substr(0, text.find('\n', scan.at()));
    JsonScan inside(line, scan.at());
    // An object that ends in its line, and another one below it or nothing at all, none of them with rows
    // inside.
    const bool in_line =
        first == '{' && !inside.value().empty() && (inside.peek(), inside.at()) == line.size();
    const bool more = in_line && JsonScan(text, line.size()).peek() == '{';
    if (!more && find_rows(text, scan.at(), rows.member, rows.begin)) {
        const bool geo =
            rows.member == "features" && text.substr(0, rows.begin + 4096).find("Feature") != whole_text;
        rows.kind = geo ? JsonKind::features : JsonKind::array;
    } else if (in_line) {
        rows.kind = JsonKind::lines;
    }
    return rows;
}

class JsonSource : public Source {
public:
    JsonSource(Bytes bytes, JsonRows rows) : bytes_(std::move(bytes)), rows_(std::move(rows)) {
        names_ = member_names(items(rows_.begin), rows_.kind);
    }

    void describe(Recipe& recipe) const override {
        constexpr std::string_view kinds[] = {"", "json", "ndjson", "geojson"};
        recipe.container = kinds[static_cast<std::size_t>(rows_.kind)];
        recipe.member = rows_.member;
        recipe.named = true;
    }

    std::unique_ptr<Cursor> open(const Recipe& recipe) const override {
        if (recipe.member == rows_.member || rows_.kind == JsonKind::lines)
            return std::make_unique<JsonCursor>(items(rows_.begin), rows_.kind, names_);
        const auto begin = rows_at(json_text(bytes_.view()), recipe.member);
        if (begin == whole_text)
            throw concejo::Error(concejo::ErrorKind::invalid,
                                 concejo::fill(concejo::N_("no hay en el JSON una lista «{lista}»"),
                                               {{"lista", recipe.member}}));
        return std::make_unique<JsonCursor>(items(begin), JsonKind::array,
                                            member_names(items(begin), JsonKind::array));
    }

private:
    JsonItems items(std::size_t begin) const { return {json_text(bytes_.view()), begin, rows_.kind}; }

    Bytes bytes_;
    JsonRows rows_;
    std::vector<std::string> names_;
};

/// Begins as JSON does and no table of text would: {"name": or [{"
bool begins_as_json(std::string_view text) {
    JsonScan scan(text);
    const bool list = scan.take('[');
    std::string name;
    return scan.take('{') && (list || (scan.string(name) && scan.take(':')));
}

}  // namespace

std::unique_ptr<Source> make_json(Bytes& bytes) {
    const auto text = json_text(bytes.view());
    auto rows = tell_json(text);
    if (rows.kind == JsonKind::none && begins_as_json(text))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             concejo::N_("es un JSON mal formado, o sin ninguna lista de objetos"));
    if (rows.kind == JsonKind::none) return nullptr;
    return std::make_unique<JsonSource>(std::move(bytes), std::move(rows));
}

}  // namespace open_data::ingest
