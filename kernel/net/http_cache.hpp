// What servers answered, kept to ask whether it still holds (RFC 9111, without freshness: every use asks).
#pragma once

#include "kernel/net/http_message.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace kernel::net {

/// One folder per municipality, so that nobody learns what another one has read. Several processes may share
/// it.
class HttpCache {
public:
    explicit HttpCache(std::filesystem::path folder, std::uint64_t bytes_per_tenant = 256ull << 20)
        : folder_(std::move(folder)), capacity_(bytes_per_tenant) {}

    struct Kept {
        HttpAnswer answer;  ///< without its body
        std::filesystem::path body;
        std::string etag, modified;
    };
    /// What an answer to this request may be kept under.
    static std::string key(const std::string& url, const Fields& request_fields);
    /// Null where nothing is kept, or what is kept is no longer what was stored.
    std::optional<Kept> find(const std::string& tenant, const std::string& key) const;
    /// Where it may be kept (200, a validator, no `no-store`, no `Vary` that the key does not cover). `body`:
    /// the file that holds it, or null: answer.body. A full disk loses the copy, not the answer.
    void store(const std::string& tenant, const std::string& key, const HttpAnswer& answer,
               const std::filesystem::path* body) const noexcept;

private:
    void make_room(const std::filesystem::path& folder) const;
    std::filesystem::path folder_;
    std::uint64_t capacity_;
};

}  // namespace kernel::net
