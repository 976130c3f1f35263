// The rows of a resource where they are: drawn here, nearer by links, and in a list for whoever does not see
// the drawing.
#include "address.hpp"
#include "gone.hpp"
#include "map_rows.hpp"
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

/// The same for a drawing of half the width: four cells are one.
std::vector<MapGroup> wider(const std::vector<MapGroup>& groups) {
    std::map<std::pair<int, int>, MapGroup> all;
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
    std::vector<MapGroup> list;
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

    std::vector<drawing::Place> places(const std::vector<MapGroup>& groups, const std::string& path) const {
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

    /// Those rows.
    Json list(const std::vector<std::int64_t>& ids) {
        const auto titles = column_titles(portal_, resource_);
        auto shown_fields = listed_fields();
        Json columns = Json::array(), rows = Json::array();
        for (const auto& field : shown_fields)
            columns.push_back(
                Json::object({{"label", titles.at(field.name)}, {"numeric", is_number(field)}}));
        Json wanted = Json::array();
        for (const auto id : ids) wanted.push_back(id);
        const auto found = tx_.exec(
            "SELECT " + select_list(shown_fields) + " FROM " + identifier(resource_.table) +
                " WHERE _id IN (SELECT value::bigint FROM jsonb_array_elements_text($1::jsonb)) ORDER BY _id",
            wanted);
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

    double metres_per_y() const { return map_metres_per_y(located_); }
    double metres_per_x() const { return map_metres_per_x(located_, box_); }

private:
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

void show_preparing(const Request& request, Reply& reply, Json view, const std::string& table_href) {
    view["notes"] = Json::array(), view["map"] = Json(), view["table"] = Json(), view["whole_href"] = "",
    view["total"] = "";
    view["empty"] =
        Json::object({{"heading", request.tr("El mapa se está preparando")},
                      {"text", request.tr("La tabla es larga y sus filas se están contando: esta página se "
                                          "vuelve a cargar sola dentro de unos segundos.")},
                      {"href", table_href},
                      {"label", request.tr("Ver la tabla")}});
    reply.status(503).field("Retry-After", "5").field("Refresh", "5");
    reply.page("open-data/mapa", view);
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
    MapRows counted(request, tx, resource, *columns);
    const auto found = counted.located();
    const auto path = view_url(portal, dataset, resource, "mapa");
    auto view = view_frame(portal, dataset, resource, "mapa", request.tr("Mapa"));
    if (!found) {
        tx.commit();
        return show_preparing(request, reply, std::move(view), view_url(portal, dataset, resource, "tabla"));
    }
    const auto& located = *found;
    const auto notes = left_out(request, located);
    view["notes"] = notes, view["map"] = Json(), view["table"] = Json(), view["empty"] = Json(),
    view["whole_href"] = "", view["total"] = "";
    if (located.placed == 0) {
        view["empty"] = Json::object(
            {{"heading", request.tr("Ninguna fila se puede poner en el mapa")},
             {"text",
              request.tr("Las columnas de coordenadas están vacías o no son de ningún lugar de España.")},
             {"href", view_url(portal, dataset, resource, "tabla")},
             {"label", request.tr("Ver la tabla")}});
        tx.commit();
        return reply.page("open-data/mapa", view);
    }
    const auto asked = box_asked(request);
    const auto box = counted.shown_box(whole_map(located), asked);
    MapView map(portal, tx, resource, *columns, located, box);
    const auto [groups, listed] = counted.seen(located, box, map.metres_per_x(), map.metres_per_y());
    std::int64_t seen = 0;
    for (const auto& group : groups) seen += group.points;
    view["total"] = fill(request.trn("{n} fila en el mapa", "{n} filas en el mapa", seen),
                         {{"n", request.number(static_cast<double>(seen))}});
    if (seen > MapRows::most_listed)
        view["total"] = view["total"].as_string() + ". " +
                        fill(request.tr("La lista tiene las primeras {n}."),
                             {{"n", std::to_string(MapRows::most_listed)}});
    view["map"] = Json::object(
        {{"body_html",
          drawing::point_map(map.picture(map.places(groups, path)), drawing::Width::wide, "wide").take() +
              drawing::point_map(map.picture(map.places(wider(groups), path)), drawing::Width::narrow,
                                 "narrow")
                  .take()},
         {"reference", located.degrees ? request.tr("Coordenadas: longitud y latitud en grados.")
                                       : request.tr("Coordenadas: metros UTM (ETRS89).")}});
    view["table"] = map.list(listed);
    if (asked) view["whole_href"] = path;
    tx.commit();  // what was counted stays
    reply.page("open-data/mapa", view);
}

}  // namespace

void register_maps(concejo::Kernel& kernel) {
    kernel.page("/datos/:name/mapa/:resource", or_gone(show_map),
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
