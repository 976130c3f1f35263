// What a map shows of a resource's rows. Of long tables it is counted once for each version and kept:
// whatever is looked at, nobody reads all the rows twice.
#pragma once

#include "coordinates.hpp"
#include "portal.hpp"
#include "records.hpp"

namespace open_data {

/// Rows that stand near each other: those of one cell of a grid.
struct MapGroup {
    int across = 0, up = 0;  ///< its cell
    std::int64_t points = 0;
    double x = 0, y = 0;  ///< their middle
    drawing::Box box;     ///< what they take
    std::string name;     ///< of one of them
};

struct MapSeen {
    std::vector<MapGroup> groups;
    std::vector<std::int64_t> listed;  ///< `_id` of the first rows
};

class MapRows {
public:
    static constexpr std::int64_t kept_from = 20'000;       ///< rows; fewer are counted for each view
    static constexpr std::int64_t prepared_from = 200'000;  ///< more are not counted while somebody waits
    static constexpr int most_kept = 2'000, cells_across = 18, most_listed = 50;

    MapRows(const concejo::Call& call, concejo::Transaction& tx, const Resource& resource,
            Coordinates columns)
        : call_(call), tx_(tx), resource_(resource), columns_(std::move(columns)) {}

    /// Where the rows are at all. Nothing where a job has to count them first: it is asked for.
    std::optional<Located> located();
    /// The box that is shown for one that is asked for: the same, or of long tables the next one of a few
    /// that holds it.
    drawing::Box shown_box(const drawing::Box& whole, const std::optional<drawing::Box>& asked) const;
    /// `metres_per_x`, `metres_per_y`: of a unit of the box.
    MapSeen seen(const Located&, const drawing::Box&, double metres_per_x, double metres_per_y);

private:
    std::optional<Json> kept(const std::string& box);
    void keep(const std::string& box, const Json& view);
    std::string range(const std::string& column, const char* low, const char* high) const;

    const concejo::Call& call_;
    concejo::Transaction& tx_;
    const Resource& resource_;
    Coordinates columns_;
};

/// The box that holds `asked` among those of half, a quarter, an eighth… of the sides of `whole`, at steps of
/// a quarter of their own side.
drawing::Box snapped_box(const drawing::Box& whole, const drawing::Box& asked);

/// The column that tells one row from another to people: the first of texts.
std::string naming_column(const std::vector<Field>& fields);

/// What a map makes for people: 111,320 m in a degree of latitude.
double map_metres_per_y(const Located&);
double map_metres_per_x(const Located&, const drawing::Box&);
/// All of the rows, with a margin.
drawing::Box whole_map(const Located&);

/// "W,S,E,N", as addresses have it.
std::string written_box(const drawing::Box&);

void register_map_rows(concejo::Kernel&);

}  // namespace open_data
