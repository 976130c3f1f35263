// The rows of a resource where they are: drawn here, nearer by links, and in a list for whoever does not see
// the drawing.
#include "address.hpp"
#include "coordinates.hpp"
#include "resource_pages.hpp"
#include "shown.hpp"
#include "sql_names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>

namespace open_data {
namespace {

using concejo::fill;
using concejo::Reply;
using concejo::Request;
using drawing::Box;

constexpr int cells_across = 18, rows_listed = 50;
constexpr std::size_t columns_listed = 4, longest_place = 120;

/// "W,S,E,N", as the links of the map have it; nothing where it is no box.
std::optional<Box> box_asked(const Request& request) {
    const auto text = request.query("caja").value_or("");
    std::array<double, 4> sides{};
    const char *at = text.data(), *end = at + text.size();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const auto [next, error] = std::from_chars(at, end, sides[i]);
        if (error != std::errc{} || !std::isfinite(sides[i]) || std::abs(sides[i]) > 1e7) return std::nullopt;
        if (i < 3 && (next == end || *next != ',')) return std::nullopt;
        at = i < 3 ? next + 1 : next;
    }
    const Box box{sides[0], sides[1], sides[2], sides[3]};
    return at != end || box.empty() ? std::nullopt : std::optional(box);
}

std::string written_box(const Box& box) {
    char text[160];
    std::snprintf(text, sizeof text, "%.6f,%.6f,%.6f,%.6f", box.west, box.south, box.east, box.north);
    return text;
}

/// The column that tells one row from another to people: the first of texts.
std::string naming_column(const std::vector<Field>& fields) {
    for (const auto& field : fields)
        if (field.type == "text") return field.name;
    return {};
}

struct Group {
    int across, up;  ///< its cell
    std::int64_t points;
    double x, y;  ///< their middle
    Box box;      ///< what they take
    std::string name;
};

/// The same for a drawing of half the width: four cells are one.
std::vector<Group> wider(const std::vector<Group>& groups) {
    std::map<std::pair<int, int>, Group> all;
    for (const auto& one : groups) {
        const std::pair cell(one.across / 2, one.up / 2);
        auto [at, fresh] = all.try_emplace(cell, one);
        if (fresh) continue;
        auto& sum = at->second;
        const auto before = static_cast<double>(sum.points), more = static_cast<double>(one.points);
        sum.x = (sum.x * before + one.x * more) / (before + more);
        sum.y = (sum.y * before + one.y * more) / (before + more);
        sum.points += one.points;
        sum.box = {std::min(sum.box.west, one.box.west), std::min(sum.box.south, one.box.south),
                   std::max(sum.box.east, one.box.east), std::max(sum.box.north, one.box.north)};
    }
    std::vector<Group> list;
    for (auto& [cell, group] : all) list.push_back(std::move(group));
    return list;
}

class MapView {
public:
    MapView(const Portal& portal, concejo::Transaction& tx, const Resource& resource, Coordinates columns,
            const Located& located, Box box)
        : portal_(portal),
          tx_(tx),
          resource_(resource),
          columns_(std::move(columns)),
          located_(located),
          box_(box),
          fields_(fields_of(resource)) {
        fields_.erase(fields_.begin());
    }

    /// Rows that stand near each other: those of one cell of a grid.
    std::vector<Group> groups() {
        const auto name = naming_column(fields_);
        const auto cell =
            std::max((box_.east - box_.west) * metres_per_x(), (box_.north - box_.south) * metres_per_y()) /
            cells_across;
        const auto rows = tx_.exec(
            "SELECT floor((x - $1::float8) / $5::float8), floor((y - $2::float8) / $6::float8), count(*), "
            "avg(x), avg(y), min(x), min(y), max(x), max(y), min(called) FROM (SELECT " +
                identifier(columns_.x) + "::float8 AS x, " + identifier(columns_.y) + "::float8 AS y, " +
                (name.empty() ? std::string("NULL::text") : identifier(name)) +
                " COLLATE \"C\" AS called FROM " + identifier(resource_.table) + " ORDER BY _id LIMIT " +
                std::to_string(most_located) + ") p WHERE " + placed_within(located_, "x", "y") +
                " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT " + std::to_string(2 * cells_across * cells_across),
            box_.west, box_.south, box_.east, box_.north, cell / metres_per_x(), cell / metres_per_y());
        std::vector<Group> all;
        for (const auto row : rows) {
            const auto number = [&](std::uint32_t column) {
                return std::strtod(row.text(column).c_str(), nullptr);
            };
            all.push_back({static_cast<int>(number(0)), static_cast<int>(number(1)), row.integer(2),
                           number(3), number(4), Box{number(5), number(6), number(7), number(8)},
                           row.text(9)});
        }
        return all;
    }

    std::vector<drawing::Place> places(const std::vector<Group>& groups, const std::string& path) const {
        const auto& call = portal_.call;
        std::vector<drawing::Place> all;
        for (const auto& group : groups) {
            drawing::Place place{group.x, group.y, group.points, {}, {}};
            if (group.points > 1)
                place.label =
                    fill(call.tr("{n} puntos"), {{"n", call.number(static_cast<double>(group.points))}});
            else
                place.label = group.name.empty() ? call.tr("Un punto") : cut(group.name, longest_place);
            if (group.points > 1 && (group.box.west < group.box.east || group.box.south < group.box.north)) {
                place.href = path + "?caja=" + written_box(group.box.with_margin(least_margin()));
                place.label += ": " + call.tr("ver de cerca");
            }
            all.push_back(std::move(place));
        }
        return all;
    }

    drawing::PointMap picture(std::vector<drawing::Place> places) {
        const auto& call = portal_.call;
        return {fill(call.tr("Mapa de los puntos de «{recurso}»"), {{"recurso", portal_.title(resource_)}}),
                box_,
                metres_per_x(),
                metres_per_y(),
                located_.degrees,
                std::move(places),
                "m",
                "km",
                [&call](double value, int decimals) { return call.number(value, decimals); }};
    }

    /// The rows that are seen, the first of them.
    Json list() {
        const auto titles = column_titles(portal_, resource_);
        auto shown_fields = listed_fields();
        Json columns = Json::array(), rows = Json::array();
        for (const auto& field : shown_fields)
            columns.push_back(
                Json::object({{"label", titles.at(field.name)}, {"numeric", is_number(field)}}));
        const auto found = tx_.exec("SELECT " + select_list(shown_fields) + " FROM " +
                                        identifier(resource_.table) + " WHERE " +
                                        placed_within(located_, identifier(columns_.x) + "::float8",
                                                      identifier(columns_.y) + "::float8") +
                                        " ORDER BY _id LIMIT " + std::to_string(rows_listed),
                                    box_.west, box_.south, box_.east, box_.north);
        for (const auto row : found) {
            Json cells = Json::array();
            for (std::uint32_t i = 0; i < shown_fields.size(); ++i)
                cells.push_back(Json::object(
                    {{"header", i == 0},
                     {"href", Json()},
                     {"label", titles.at(shown_fields[i].name)},
                     {"text", cut(shown(portal_.call, row.optional(i), shown_fields[i]), longest_place)},
                     {"numeric", is_number(shown_fields[i])}}));
            rows.push_back(Json::object({{"cells", cells}}));
        }
        return Json::object({{"id", "puntos"},
                             {"caption", portal_.call.tr("Lo que se ve en el mapa")},
                             {"columns", columns},
                             {"rows", rows}});
    }

    static int most_listed() { return rows_listed; }

private:
    double metres_per_y() const { return located_.degrees ? 111'320.0 : 1.0; }
    double metres_per_x() const {
        return located_.degrees ? 111'320.0 * std::cos((box_.south + box_.north) / 2 * 3.14159265358979 / 180)
                                : 1.0;
    }
    double least_margin() const { return located_.degrees ? 0.0005 : 50; }  // about 50 m
    /// What names the row first, its coordinates last.
    std::vector<Field> listed_fields() const {
        std::vector<Field> named, others, where;
        const auto first = naming_column(fields_);
        for (const auto& field : fields_) {
            if (field.name == first)
                named.push_back(field);
            else if (field.name == columns_.x || field.name == columns_.y)
                where.push_back(field);
            else if (others.size() < columns_listed - 1)
                others.push_back(field);
        }
        named.insert(named.end(), others.begin(), others.end());
        named.insert(named.end(), where.begin(), where.end());
        return named;
    }

    const Portal& portal_;
    concejo::Transaction& tx_;
    const Resource& resource_;
    Coordinates columns_;
    const Located& located_;
    Box box_;
    std::vector<Field> fields_;
};

/// What is not on the map, and why.
Json left_out(const concejo::Call& call, const Located& located) {
    Json notes = Json::array();
    const auto add = [&](std::int64_t n, const std::string& text) {
        if (n > 0) notes.push_back(fill(text, {{"n", call.number(static_cast<double>(n))}}));
    };
    add(located.empty,
        call.trn("{n} fila no tiene coordenadas.", "{n} filas no tienen coordenadas.", located.empty));
    add(located.outside, call.trn("{n} fila tiene coordenadas que no están en España.",
                                  "{n} filas tienen coordenadas que no están en España.", located.outside));
    add(located.swapped,
        call.trn("De ellas, {n} parece tener cambiadas la longitud y la latitud.",
                 "De ellas, {n} parecen tener cambiadas la longitud y la latitud.", located.swapped));
    return notes;
}

void show_map(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto [dataset, resource] = need_rows(request, portal, catalogue);
    const auto columns = coordinates_of(resource);
    if (!columns)
        throw concejo::Error(concejo::ErrorKind::not_found,
                             N_("Ninguna columna de este recurso dice dónde están sus filas."));
    const auto located = locate(tx, resource, *columns);
    const auto path = view_url(portal, dataset, resource, "mapa");
    auto view = view_frame(portal, dataset, resource, "mapa", request.tr("Mapa"));
    auto notes = left_out(request, located);
    if (resource.rows > most_located)
        notes.push_back(
            fill(request.tr("El mapa tiene las primeras {n} filas."), {{"n", request.number(most_located)}}));
    view["notes"] = notes, view["map"] = Json(), view["table"] = Json(), view["empty"] = Json(),
    view["whole_href"] = "", view["total"] = "";
    if (located.placed == 0) {
        view["empty"] = Json::object(
            {{"heading", request.tr("Ninguna fila se puede poner en el mapa")},
             {"text",
              request.tr("Las columnas de coordenadas están vacías o no son de ningún lugar de España.")},
             {"href", view_url(portal, dataset, resource, "tabla")},
             {"label", request.tr("Ver la tabla")}});
        return reply.page("open-data/mapa", view);
    }
    const auto asked = box_asked(request);
    const auto box = asked.value_or(located.box).with_margin(asked ? 0 : located.degrees ? 0.0005 : 50);
    MapView map(portal, tx, resource, *columns, located, box);
    const auto groups = map.groups();
    std::int64_t seen = 0;
    for (const auto& group : groups) seen += group.points;
    view["total"] = fill(request.trn("{n} fila en el mapa", "{n} filas en el mapa", seen),
                         {{"n", request.number(static_cast<double>(seen))}});
    if (seen > MapView::most_listed())
        view["total"] = view["total"].as_string() + ". " +
                        fill(request.tr("La lista tiene las primeras {n}."),
                             {{"n", std::to_string(MapView::most_listed())}});
    view["map"] = Json::object(
        {{"body_html",
          drawing::point_map(map.picture(map.places(groups, path)), drawing::Width::wide, "wide").take() +
              drawing::point_map(map.picture(map.places(wider(groups), path)), drawing::Width::narrow,
                                 "narrow")
                  .take()},
         {"reference", located.degrees ? request.tr("Coordenadas: longitud y latitud en grados.")
                                       : request.tr("Coordenadas: metros UTM (ETRS89).")}});
    view["table"] = map.list();
    if (asked) view["whole_href"] = path;
    reply.page("open-data/mapa", view);
}

}  // namespace

void register_maps(concejo::Kernel& kernel) {
    kernel.page("/datos/:name/mapa/:resource", show_map,
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
