// Takes away what nobody uses, and looks whether what is used is whole.
#pragma once

#include "kernel/blobs/store.hpp"

#include <chrono>
#include <vector>

namespace kernel::blobs {

struct Collected {
    std::size_t contents = 0;    ///< rows without uses, with their files
    std::size_t orphans = 0;     ///< contents that no row names: their transaction never committed
    std::size_t unfinished = 0;  ///< left by writers that died
    std::size_t busy = 0;        ///< of 256 parts, those where somebody was writing: next time
};

/// Of one municipality. What has had no use for `age` goes; a copy of the database taken less than `age` ago
/// still finds every file that it names. Safe at any time, from several nodes at once.
Collected collect(Store& store, db::Pool& pool, const std::string& tenant,
                  std::chrono::seconds age = std::chrono::hours(24));

struct Health {
    std::uint64_t contents = 0, bytes = 0;
    std::vector<std::string> missing, damaged;  ///< ids
};

/// Without reading contents: those that are not there, or not of their size, and those known to be damaged.
Health look(Store& store, db::Pool& pool, const std::string& tenant);
/// Reads every content; what is found damaged is reported and noted, what is whole again is no longer noted.
/// `progress` is told (done, total) in bytes.
Health examine(Store& store, db::Pool& pool, const std::string& tenant,
               const std::function<void(std::uint64_t, std::uint64_t)>& progress = {});

/// Notes a damage in the content's row; true the first time.
bool note_damage(db::Pool& pool, const Damage& damage);

}  // namespace kernel::blobs
