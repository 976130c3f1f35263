#include "kernel/db/prepared.hpp"

#include <algorithm>
#include <array>

namespace kernel::db {
namespace {

constexpr std::size_t most_seen = 4096;

/// Those with a plan. Cursors and locks have none, or belong to one transaction.
bool is_planned(std::string_view sql) {
    constexpr std::array<std::string_view, 5> verbs{"select", "with", "insert", "update", "delete"};
    const auto first = std::min(sql.find_first_not_of(" \n\t\r"), sql.size());
    const auto begins = [&](std::string_view verb) {
        const auto word = sql.substr(first, verb.size());
        return std::equal(word.begin(), word.end(), verb.begin(), verb.end(),
                          [](char a, char b) { return (a | 0x20) == b; });
    };
    return std::any_of(verbs.begin(), verbs.end(), begins);
}

}  // namespace

PreparedStatements::Use PreparedStatements::use(std::string_view tenant, std::string_view sql) {
    if (sql.size() > longest || !is_planned(sql)) return {};
    std::string key;
    key.reserve(tenant.size() + 1 + sql.size());
    key.append(tenant).append(1, '\0').append(sql);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return {entries_.front().name, false, {}};
    }
    if (seen_.size() == most_seen) seen_.clear();
    if (seen_.insert(std::hash<std::string_view>()(key)).second) return {};
    Use made{"s" + std::to_string(++made_), true, {}};
    if (entries_.size() == most) {
        made.instead = entries_.back().name;
        forget(made.instead);
    }
    entries_.push_front({std::move(key), made.name});
    by_key_.emplace(entries_.front().key, entries_.begin());
    return made;
}

void PreparedStatements::forget(const std::string& name) {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const auto& one) { return one.name == name; });
    if (found == entries_.end()) return;
    by_key_.erase(found->key);
    entries_.erase(found);
}

}  // namespace kernel::db
