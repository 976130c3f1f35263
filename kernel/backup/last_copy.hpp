// What is remembered of the last copy of everything, for who looks after the installation: one small file in
// the data folder.
#pragma once

#include "kernel/base/clock.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace kernel::backup {

struct LastCopy {
    std::filesystem::path file;
    std::uint64_t bytes = 0;
    base::TimePoint made{};
    base::TimePoint verified{};  ///< when it was last read from beginning to end …
    bool whole = false;          ///< … and whether every member was what its digest says
};

/// Older than this somebody should ask why there is no newer one (packaging/prometheus/alerts.yml too).
inline constexpr std::chrono::hours old_copy{48};

/// nullopt: none was ever made, or the note cannot be read.
std::optional<LastCopy> last_copy(const std::filesystem::path& data);
void note_copy(const std::filesystem::path& data, const LastCopy& copy);
/// A copy was read again. Where it is the last one, that is remembered.
void note_verified(const std::filesystem::path& data, const std::filesystem::path& file, bool whole,
                   base::TimePoint now);

}  // namespace kernel::backup
