#include "geometry.hpp"

#include <concejo/text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace open_data {
namespace {

constexpr std::size_t longest_geometry = 1 << 20;
constexpr int deepest_collection = 4;

struct AxisNames {
    std::string_view x, y;
};
constexpr AxisNames pairs[] = {{"longitudwgs84", "latitudwgs84"},
                               {"lonwgs84", "latwgs84"},
                               {"xwgs84", "ywgs84"},
                               {"utmx", "utmy"},
                               {"xutm", "yutm"},
                               {"xetrs89", "yetrs89"},
                               {"coordx", "coordy"},
                               {"xcoord", "ycoord"},
                               {"coordenadax", "coordenaday"},
                               {"coordxutm", "coordyutm"},
                               {"coordenadaxutm", "coordenadayutm"},
                               {"coordenadautmx", "coordenadautmy"},
                               {"este", "norte"},
                               {"easting", "northing"},
                               {"x", "y"}};

/// "Coordenada X (UTM)" → "coordenadaxutm".
std::string bare_name(std::string_view name) {
    auto text = slug_of(name);
    text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == '-' || c == '_'; }),
               text.end());
    return text;
}

std::vector<std::string> words_of_name(const std::string& name) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : slug_of(name) + "-") {
        if (c != '-' && c != '_')
            word += c;
        else if (!word.empty())
            words.push_back(std::exchange(word, {}));
    }
    return words;
}

/// What is left of a name without a word that is one of these; nullopt where none of them is in it.
std::optional<std::string> rest_without(const Field& field, std::initializer_list<std::string_view> wanted) {
    if (field.type != "numeric" && field.type != "integer") return std::nullopt;
    std::string rest;
    bool found = false;
    for (const auto& word : words_of_name(field.name)) {
        if (!found && std::find(wanted.begin(), wanted.end(), word) != wanted.end())
            found = true;
        else
            rest += word + "-";
    }
    return found ? std::optional(rest) : std::nullopt;
}

bool names_geometry(const Field& field) {
    if (field.type != "text" && field.type != "json") return false;
    const auto words = words_of_name(field.name);
    return std::any_of(words.begin(), words.end(), [](const auto& word) {
        for (const auto* one : {"geometria", "geometry", "geometrie", "geom", "wkt", "geojson"})
            if (word == one) return true;
        return false;
    });
}

std::optional<double> degrees(std::string_view text, double most) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= -most && value <= most))
        return std::nullopt;
    return value;
}

bool is_position(const Json& json) {
    if (!json.is_array() || json.size() < 2 || json.size() > 3) return false;
    const auto& parts = json.as_array();
    if (!std::all_of(parts.begin(), parts.end(), [](const Json& one) { return one.is_number(); }))
        return false;
    return std::abs(parts[0].as_double()) <= 180 && std::abs(parts[1].as_double()) <= 90;
}

/// Lists of positions, `depth` lists deep.
bool are_positions(const Json& json, int depth) {
    if (depth == 0) return is_position(json);
    if (!json.is_array()) return false;
    const auto& items = json.as_array();
    return std::all_of(items.begin(), items.end(),
                       [&](const Json& one) { return are_positions(one, depth - 1); });
}

/// Twice the area; positive against the clock.
double area_of(const Json& ring) {
    double sum = 0;
    const auto& all = ring.as_array();
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        const auto &a = all[i].as_array(), &b = all[i + 1].as_array();
        sum += a[0].as_double() * b[1].as_double() - b[0].as_double() * a[1].as_double();
    }
    return sum;
}

/// False where a ring is none: four positions or more, the last one the first.
bool wind(Json& polygon) {
    bool outer = true;
    for (auto& ring : polygon.as_array()) {
        auto& all = ring.as_array();
        if (all.size() < 4 || all.front() != all.back()) return false;
        if (const auto area = area_of(ring); outer ? area < 0 : area > 0)
            std::reverse(all.begin(), all.end());
        outer = false;
    }
    return true;
}

struct GeometryKind {
    const char *name, *wkt;
    int depth;
};
constexpr GeometryKind geometry_kinds[] = {
    {"Point", "POINT", 0},           {"MultiPoint", "MULTIPOINT", 1},
    {"LineString", "LINESTRING", 1}, {"MultiLineString", "MULTILINESTRING", 2},
    {"Polygon", "POLYGON", 2},       {"MultiPolygon", "MULTIPOLYGON", 3}};

/// Positions that are no degrees, where they are metres, as degrees.
void to_degrees(Json& positions, const ReferenceSystem& system) {
    if (!positions.is_array()) return;
    auto& parts = positions.as_array();
    const bool position = parts.size() >= 2 && parts[0].is_number() && parts[1].is_number();
    if (!position)
        for (auto& one : parts) to_degrees(one, system);
    else if (!is_position(positions) && std::abs(parts[0].as_double()) < 1e7 &&
             std::abs(parts[1].as_double()) < 1e7) {
        const auto [longitude, latitude] = degrees_of(system, parts[0].as_double(), parts[1].as_double());
        parts[0] = longitude, parts[1] = latitude;
    }
}

Json checked(const GeometryKind& kind, Json coordinates, const ReferenceSystem* system) {
    const std::string_view name(kind.name);
    if (system) to_degrees(coordinates, *system);
    if (!are_positions(coordinates, kind.depth)) return {};
    if (name == "LineString" && coordinates.size() < 2) return {};
    if (name == "MultiLineString")
        for (const auto& line : coordinates.as_array())
            if (line.size() < 2) return {};
    if (name == "Polygon" && !wind(coordinates)) return {};
    if (name == "MultiPolygon")
        for (auto& polygon : coordinates.as_array())
            if (!wind(polygon)) return {};
    return Json::object({{"type", kind.name}, {"coordinates", std::move(coordinates)}});
}

Json checked(const Json& geometry, int depth, const ReferenceSystem* system) {
    const auto type = geometry.string_or("type", "");
    if (type == "GeometryCollection" && geometry["geometries"].is_array() && depth < deepest_collection) {
        Json all = Json::array();
        for (const auto& one : geometry["geometries"].as_array()) {
            all.push_back(checked(one, depth + 1, system));
            if (all.as_array().back().is_null()) return {};
        }
        return Json::object({{"type", type}, {"geometries", std::move(all)}});
    }
    for (const auto& kind : geometry_kinds)
        if (type == kind.name) return checked(kind, geometry["coordinates"], system);
    return {};
}

/// Well-known text (OGC 06-103r4), without collections.
class Wkt {
public:
    Wkt(std::string_view text, const ReferenceSystem* system) : text_(text), system_(system) {}

    Json geometry() {
        const auto type = word();
        const auto* kind = std::find_if(std::begin(geometry_kinds), std::end(geometry_kinds),
                                        [&](const auto& one) { return type == one.wkt; });
        if (kind == std::end(geometry_kinds)) return {};
        if (const auto dimensions = word(); !dimensions.empty() && dimensions != "Z") return {};
        auto coordinates = kind->depth == 0 ? point() : list(kind->depth, type == "MULTIPOINT");
        blanks();
        if (failed_ || !text_.empty()) return {};
        return checked(*kind, std::move(coordinates), system_);
    }

private:
    void blanks() {
        while (!text_.empty() && (text_.front() == ' ' || text_.front() == '\n' || text_.front() == '\t' ||
                                  text_.front() == '\r'))
            text_.remove_prefix(1);
    }
    bool take(char c) {
        blanks();
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    std::string word() {
        blanks();
        std::string found;
        while (!text_.empty() && ((text_.front() | 32) >= 'a' && (text_.front() | 32) <= 'z'))
            found += static_cast<char>(text_.front() & ~32), text_.remove_prefix(1);
        return found;
    }
    Json position() {
        Json parts = Json::array();
        for (blanks(); !text_.empty() && text_.front() != ',' && text_.front() != ')'; blanks()) {
            double value = 0;
            const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
            if (error != std::errc{} || parts.size() == 3) return failed_ = true, Json();
            parts.push_back(value);
            text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
        }
        return parts;
    }
    Json point() {
        if (!take('(')) return failed_ = true, Json();
        auto found = position();
        if (!take(')')) failed_ = true;
        return found;
    }
    /// "MULTIPOINT ((1 2), (3 4))" and "MULTIPOINT (1 2, 3 4)" are the same.
    Json list(int depth, bool in_brackets) {
        Json all = Json::array();
        if (!take('(')) return failed_ = true, Json();
        do {
            blanks();
            if (depth > 1)
                all.push_back(list(depth - 1, false));
            else
                all.push_back(in_brackets && text_.starts_with('(') ? point() : position());
        } while (!failed_ && take(','));
        if (!take(')')) failed_ = true;
        return all;
    }

    std::string_view text_;
    const ReferenceSystem* system_;
    bool failed_ = false;
};

}  // namespace

std::optional<DegreeColumns> degree_columns(const std::vector<Field>& fields) {
    for (std::size_t y = 0; y < fields.size(); ++y) {
        const auto rest = rest_without(fields[y], {"lat", "latitud", "latitude"});
        for (std::size_t x = 0; rest && x < fields.size(); ++x)
            if (rest_without(fields[x], {"lon", "lng", "long", "longitud", "longitude"}) == rest)
                return DegreeColumns{x, y};
    }
    return std::nullopt;
}

std::optional<DegreeColumns> plane_columns(const std::vector<Field>& fields) {
    const auto named = [&](std::string_view bare) {
        return std::find_if(fields.begin(), fields.end(), [&](const auto& one) {
            return (one.type == "integer" || one.type == "numeric") && one.name != "_id" &&
                   bare_name(one.name) == bare;
        });
    };
    for (const auto& pair : pairs) {
        const auto x = named(pair.x), y = named(pair.y);
        if (x != fields.end() && y != fields.end())
            return DegreeColumns{static_cast<std::size_t>(x - fields.begin()),
                                 static_cast<std::size_t>(y - fields.begin())};
    }
    return std::nullopt;
}

std::optional<PlaceColumns> place_columns(const std::vector<Field>& fields, const ReferenceSystem* system) {
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (names_geometry(fields[i])) return PlaceColumns{{}, i, system};
    if (const auto degrees = degree_columns(fields)) return PlaceColumns{*degrees, std::nullopt, system};
    const auto plane = system ? plane_columns(fields) : std::nullopt;
    return plane ? std::optional(PlaceColumns{*plane, std::nullopt, system}) : std::nullopt;
}

const char* no_place_text(const std::vector<Field>& fields) {
    return plane_columns(fields)
               ? concejo::N_(
                     "Las coordenadas de este recurso son metros de un huso que no se indica, y GeoJSON las pide en grados: quien "
                     "lo publica puede indicar el huso en la página de gestión del recurso.")
               : concejo::N_(
                     "Ninguna columna dice dónde está cada fila: GeoJSON necesita latitud y longitud, o una geometría.");
}

Json point_of(const Cell& x, const Cell& y, const ReferenceSystem* system) {
    const double most = 1e7;  // of metres
    const auto a = degrees(x.value_or(""), system ? most : 180),
               b = degrees(y.value_or(""), system ? most : 90);
    if (!a || !b || (system && *a == 0 && *b == 0)) return {};
    const bool metres = system && (std::abs(*a) > 180 || std::abs(*b) > 90);
    const auto [longitude, latitude] = metres ? degrees_of(*system, *a, *b) : Degrees{*a, *b};
    return Json::object({{"type", "Point"}, {"coordinates", Json::array({longitude, latitude})}});
}

Json geometry_of(std::string_view text, const ReferenceSystem* system) {
    if (text.size() > longest_geometry) return {};
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    if (text[first] != '{') return Wkt(text, system).geometry();
    try {
        return checked(Json::parse(text), 0, system);
    } catch (const concejo::Error&) {
        return {};
    }
}

}  // namespace open_data
