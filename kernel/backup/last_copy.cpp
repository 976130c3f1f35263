#include "kernel/backup/last_copy.hpp"

#include "kernel/base/files.hpp"

#include <concejo/error.hpp>
#include <concejo/json.hpp>

namespace kernel::backup {
namespace {

using concejo::Json;
namespace fs = std::filesystem;

fs::path note_in(const fs::path& data) { return data / "ultima-copia"; }

}  // namespace

std::optional<LastCopy> last_copy(const fs::path& data) {
    try {
        const auto note = Json::parse(base::read_file(note_in(data), 64 << 10));
        const auto made = base::parse_utc(note.string_or("made", ""));
        const auto verified = base::parse_utc(note.string_or("verified", ""));
        if (!made || !verified) return std::nullopt;
        return LastCopy{note.string_or("file", ""), static_cast<std::uint64_t>(note.int_or("bytes", 0)),
                        *made, *verified, note.bool_or("whole", false)};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

void note_copy(const fs::path& data, const LastCopy& copy) {
    base::write_file_atomically(note_in(data),
                                Json::object({{"file", copy.file.string()},
                                              {"bytes", static_cast<std::int64_t>(copy.bytes)},
                                              {"made", base::format_utc(copy.made)},
                                              {"verified", base::format_utc(copy.verified)},
                                              {"whole", copy.whole}})
                                        .dump() +
                                    "\n",
                                0644, base::owner_to_keep(data));
}

void note_verified(const fs::path& data, const fs::path& file, bool whole, base::TimePoint now) {
    auto copy = last_copy(data);
    std::error_code unknown;
    if (!copy || !fs::equivalent(copy->file, file, unknown) || unknown) return;
    copy->verified = now;
    copy->whole = whole;
    note_copy(data, *copy);
}

}  // namespace kernel::backup
