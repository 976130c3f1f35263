// The head of a log (c2sp.org/tlog-checkpoint): whose it is, how many leaves, which root.
#pragma once

#include "plugins/evidence/log/merkle.hpp"
#include "plugins/evidence/log/note.hpp"

namespace evidence::log {

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Digest root = empty_root();
    std::vector<std::string> extensions;  ///< opaque lines; ours have none

    std::string body() const;  ///< the note's text
    static std::optional<Checkpoint> parse(std::string_view body);

    bool operator==(const Checkpoint&) const = default;
};

/// A checkpoint with the signatures that came with it.
struct SignedCheckpoint {
    Checkpoint head;
    Note note;

    static std::optional<SignedCheckpoint> parse(std::string_view bytes);
};

}  // namespace evidence::log
