// Where contents stand: a folder, or an S3 bucket. Knows nothing of rows, uses or checks.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::blobs {

/// Whose, and the sha-256 in 64 lower-case hexadecimal digits.
struct Key {
    std::string tenant, id;

    /// Contents are listed and locked by the first two digits of their id.
    std::string stripe() const { return id.substr(0, 2); }
};

/// Thread-safe, and safe for several processes. Every function throws concejo::Error: unavailable where
/// trying again may help.
class Shelf {
public:
    struct Found {
        std::string id;
        std::chrono::system_clock::time_point changed;
    };

    virtual ~Shelf() = default;

    /// Bytes of the content; nothing where there is none.
    virtual std::optional<std::uint64_t> size(const Key&) = 0;
    /// Up to `length` bytes from `offset`; fewer only at the end. Error{not_found} where there is none.
    virtual std::string read(const Key&, std::uint64_t offset, std::size_t length) = 0;
    /// How many bytes are best read at a time.
    virtual std::size_t window() const noexcept = 0;
    /// `file` becomes the content, replacing a damaged one; durable when this returns. The file itself stays
    /// and may be the same as the content from here on: remove it, never write to it.
    virtual void place(const Key&, const std::filesystem::path& file) = 0;

    /// The list of block digests beside the content; the same rules. place() it before the content.
    virtual std::string read_blocks(const Key&, std::uint64_t offset, std::size_t length) = 0;
    virtual void write_blocks(const Key&, std::string_view list) = 0;

    /// Content and list; it is no error where they are not there.
    virtual void remove(const Key&) = 0;
    /// The two digits under which something may stand.
    virtual std::vector<std::string> stripes(const std::string& tenant) = 0;
    /// What stands under two digits, also what is half there.
    virtual std::vector<Found> list(const std::string& tenant, const std::string& stripe) = 0;
    /// Removes what writers that died have left half done before that time.
    virtual std::size_t remove_unfinished(const std::string& tenant,
                                          std::chrono::system_clock::time_point before) = 0;
    /// Where a program of this machine can read it; empty where it cannot.
    virtual std::filesystem::path local_path(const Key&) const = 0;
};

}  // namespace kernel::blobs
