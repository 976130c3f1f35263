#include "map_rows.hpp"

#include "shown.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <cmath>

namespace open_data {
namespace {

using drawing::Box;

constexpr const char* prepare_job = "mapa";
constexpr std::size_t longest_name = 120;

Json box_json(const Box& box) {
    return Json::array({Json(box.west), Json(box.south), Json(box.east), Json(box.north)});
}
Box box_of(const Json& json) {
    const auto& sides = json.as_array();
    return {sides.at(0).as_double(), sides.at(1).as_double(), sides.at(2).as_double(),
            sides.at(3).as_double()};
}

Json located_json(const Located& l) {
    return Json::object({{"degrees", l.degrees},
                         {"rows", l.rows},
                         {"placed", l.placed},
                         {"empty", l.empty},
                         {"outside", l.outside},
                         {"swapped", l.swapped},
                         {"box", box_json(l.box)}});
}
Located located_of(const Json& json) {
    return {json.at("degrees").as_bool(), json.at("rows").as_int(),    json.at("placed").as_int(),
            json.at("empty").as_int(),    json.at("outside").as_int(), json.at("swapped").as_int(),
            box_of(json.at("box"))};
}

MapSeen seen_of(const Json& view) {
    MapSeen seen;
    for (const auto& one : view.at("groups").as_array())
        seen.groups.push_back({static_cast<int>(one.at("a").as_double()),
                               static_cast<int>(one.at("u").as_double()), one.at("n").as_int(),
                               one.at("x").as_double(), one.at("y").as_double(),
                               Box{one.at("w").as_double(), one.at("s").as_double(), one.at("e").as_double(),
                                   one.at("o").as_double()},
                               one.string_or("c", "")});
    for (const auto& id : view.at("rows").as_array()) seen.listed.push_back(id.as_int());
    return seen;
}

/// Where the next view finds its rows without reading the others; what the whole map shows.
void prepare_map(const concejo::Call& call, const Json& payload, const concejo::Job&) {
    auto tx = call.begin();
    const auto id = payload.string_or("resource", "");
    tx.exec("SELECT FROM open_data_resource WHERE id = $1::uuid FOR UPDATE", id);  // nobody writes meanwhile
    const auto resource = Catalogue(tx).resource(id);
    const auto columns = resource && resource->tabular() ? coordinates_of(*resource) : std::nullopt;
    if (!columns) return tx.commit();
    const auto index = resource->table + "_xy";
    if (tx.exec("SELECT to_regclass($1) IS NULL", index)[0].boolean(0))
        call.change_table(
            tx, Json::object(
                    {{"table", resource->table},
                     {"index", Json::array({Json::object({{"name", index},
                                                          {"columns", Json::array({columns->x, columns->y})},
                                                          {"method", "btree"}})})},
                     {"analyze", true}}));
    const auto located = locate(tx, *resource, *columns);
    tx.exec("DELETE FROM open_data_map WHERE resource = $1::uuid", id);
    tx.exec(
        "INSERT INTO open_data_map (resource, version, of, box, view) VALUES ($1::uuid, $2, $3, '', "
        "$4::jsonb)",
        id, resource->version, resource->data_at, located_json(located));
    if (located.placed > 0) {
        const auto box = whole_map(located);
        MapRows(call, tx, *resource, *columns)
            .seen(located, box, map_metres_per_x(located, box), map_metres_per_y(located));
    }
    call.pages_changed(tx);
    tx.commit();
}

}  // namespace

std::optional<Json> MapRows::kept(const std::string& box) {
    if (resource_.rows < kept_from) return std::nullopt;
    const auto found = tx_.exec(
        "SELECT view FROM open_data_map WHERE resource = $1::uuid AND version = $2 AND of = $3 AND box = $4",
        resource_.id, resource_.version, resource_.data_at, box);
    if (found.empty()) return std::nullopt;
    return Json::parse(found[0].view(0));
}

void MapRows::keep(const std::string& box, const Json& view) {
    if (resource_.rows < kept_from) return;
    tx_.exec(
        "INSERT INTO open_data_map (resource, version, of, box, view) SELECT $1::uuid, $2::int, $3, $4, "
        "$5::jsonb WHERE (SELECT count(*) FROM open_data_map WHERE resource = $1::uuid) < $6 ON CONFLICT DO "
        "NOTHING",
        resource_.id, resource_.version, resource_.data_at, box, view, most_kept);
}

std::optional<Located> MapRows::located() {
    if (const auto view = kept("")) return located_of(*view);
    if (resource_.rows < prepared_from) {
        auto found = locate(tx_, resource_, columns_);
        keep("", located_json(found));
        return found;
    }
    call_.enqueue(tx_, Json::object({{"kind", prepare_job},
                                     {"payload", Json::object({{"resource", resource_.id}})},
                                     {"unique", resource_.id}}));
    return std::nullopt;
}

Box MapRows::shown_box(const Box& whole, const std::optional<Box>& asked) const {
    if (!asked) return whole;
    return resource_.rows < kept_from ? asked->with_margin(0) : snapped_box(whole, *asked);
}

/// The condition as the index has its column: numbers that the box's sides are compared with as they are.
std::string MapRows::range(const std::string& column, const char* low, const char* high) const {
    const auto fields = fields_of(resource_);
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const auto& one) { return one.name == column; });
    const bool whole = field != fields.end() && field->type == "integer";
    const auto name = identifier(column);
    if (whole)
        return name + " BETWEEN floor(" + low + "::float8)::bigint AND ceil(" + high + "::float8)::bigint";
    return name + " BETWEEN (" + low + "::float8)::numeric - 0.000001 AND (" + high +
           "::float8)::numeric + 0.000001";
}

MapSeen MapRows::seen(const Located& located, const Box& box, double metres_per_x, double metres_per_y) {
    const auto place = written_box(box);
    if (const auto view = kept(place)) return seen_of(*view);
    const auto name = naming_column(fields_of(resource_));
    const auto cell =
        std::max((box.east - box.west) * metres_per_x, (box.north - box.south) * metres_per_y) / cells_across;
    const auto rows =
        tx_.exec("WITH seen AS MATERIALIZED (SELECT _id, x, y, called FROM (SELECT _id, " +
                     identifier(columns_.x) + "::float8 AS x, " + identifier(columns_.y) + "::float8 AS y, " +
                     (name.empty() ? std::string("NULL::text")
                                   : "left(" + identifier(name) + ", " + std::to_string(longest_name) + ")") +
                     " COLLATE \"C\" AS called FROM " + identifier(resource_.table) + " WHERE " +
                     range(columns_.x, "$1", "$3") + " AND " + range(columns_.y, "$2", "$4") + ") p WHERE " +
                     placed_within(located, "x", "y") +
                     "), cells AS (SELECT floor((x - $1::float8) / $5::float8) AS a, floor((y - $2::float8) "
                     "/ $6::float8) AS u, count(*) AS n, "
                     "avg(x) AS x, avg(y) AS y, min(x) AS w, min(y) AS s, max(x) AS e, max(y) AS o, CASE "
                     "WHEN count(*) = 1 THEN min(called) END AS c FROM seen "
                     "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT " +
                     std::to_string(2 * cells_across * cells_across) +
                     "), first AS (SELECT _id FROM seen ORDER BY _id LIMIT " + std::to_string(most_listed) +
                     ") SELECT jsonb_build_object('groups', (SELECT coalesce(jsonb_agg(to_jsonb(cells)), "
                     "'[]') FROM cells), 'rows', "
                     "(SELECT coalesce(jsonb_agg(_id ORDER BY _id), '[]') FROM first))",
                 box.west, box.south, box.east, box.north, cell / metres_per_x, cell / metres_per_y);
    const auto view = Json::parse(rows[0].view(0));
    keep(place, view);
    return seen_of(view);
}

Box snapped_box(const Box& whole, const Box& asked) {
    const double width = whole.east - whole.west, height = whole.north - whole.south;
    const double part = std::max((asked.east - asked.west) / width, (asked.north - asked.south) / height);
    double side = 1;
    for (int halved = 0; halved < 24 && part <= side / 2 * 0.75; ++halved) side /= 2;
    const auto start = [&](double from, double asked_from, double length) {
        const double step = length * side / 4;
        return from + std::clamp(std::floor((asked_from - from) / step) * step, 0.0, length - length * side);
    };
    const double west = start(whole.west, asked.west, width), south = start(whole.south, asked.south, height);
    return {west, south, west + width * side, south + height * side};
}

std::string naming_column(const std::vector<Field>& fields) {
    for (const auto& field : fields)
        if (field.type == "text") return field.name;
    return {};
}

double map_metres_per_y(const Located& located) { return located.degrees ? 111'320.0 : 1.0; }

double map_metres_per_x(const Located& located, const Box& box) {
    return located.degrees ? 111'320.0 * std::cos((box.south + box.north) / 2 * 3.14159265358979 / 180) : 1.0;
}

Box whole_map(const Located& located) { return located.box.with_margin(located.degrees ? 0.0005 : 50); }

std::string written_box(const Box& box) {
    char text[160];
    std::snprintf(text, sizeof text, "%.6f,%.6f,%.6f,%.6f", box.west, box.south, box.east, box.north);
    return text;
}

void register_map_rows(concejo::Kernel& kernel) {
    kernel.job(prepare_job, prepare_map,
               concejo::JobOptions{.label = N_("Preparar el mapa de una tabla larga")});
}

}  // namespace open_data
