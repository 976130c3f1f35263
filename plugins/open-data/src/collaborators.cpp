#include "collaborators.hpp"

namespace open_data {
namespace {

constexpr const char* since_columns =
    "open_data_written(modified_at), extract(epoch FROM modified_at)::bigint";

}  // namespace

std::vector<Collaborator> Collaborators::of(const std::string& dataset) {
    std::vector<Collaborator> all;
    for (const auto row : tx_.exec(std::string("SELECT who, capacity, ") + since_columns +
                                       " FROM open_data_collaborator WHERE dataset = $1::uuid ORDER BY who",
                                   dataset))
        all.push_back({row.text(0), parse_capacity(row.view(1)), row.text(2), row.integer(3)});
    return all;
}

Collaborator Collaborators::name(const std::string& dataset, const std::string& who, Capacity capacity) {
    const auto made = tx_.exec(
        std::string(
            "INSERT INTO open_data_collaborator (dataset, who, capacity) VALUES ($1::uuid, $2, $3) "
            "ON CONFLICT (dataset, who) DO UPDATE SET capacity = EXCLUDED.capacity, modified_at = now() "
            "RETURNING ") +
            since_columns,
        dataset, who, open_data::name(capacity));
    note(dataset, who, capacity);
    return {who, capacity, made[0].text(0), made[0].integer(1)};
}

bool Collaborators::remove(const std::string& dataset, const std::string& who) {
    if (tx_.exec("DELETE FROM open_data_collaborator WHERE dataset = $1::uuid AND who = $2", dataset, who)
            .affected() == 0)
        return false;
    note(dataset, who, Capacity::none);
    return true;
}

/// What somebody else may do here has changed.
void Collaborators::note(const std::string& dataset, const std::string& who, Capacity capacity) {
    call_.audit(tx_, "open-data.colaborador", dataset, "ok",
                Json::object({{"user", who}, {"capacity", open_data::name(capacity)}}));
}

}  // namespace open_data
