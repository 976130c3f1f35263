// Objects of one bucket: signed requests, path style, with retries. Knows nothing of contents.
#pragma once

#include "kernel/blobs/s3_transport.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

namespace kernel::blobs {

struct S3Options {
    std::string address, bucket;
    S3Credentials who;
    std::size_t part_bytes = 8 << 20;  ///< larger files go in parts of this size (S3 wants 5 MiB at least)
    int attempts = 4;                  ///< of each request
    std::chrono::milliseconds pause{200};  ///< before the second attempt; then twice as long each time
};

struct S3Object {
    std::string name;
    std::chrono::system_clock::time_point changed;
};

/// Thread-safe. Errors: not_found, forbidden (the keys are no good), unavailable after the last attempt,
/// internal for what the server should not have said.
class S3Bucket {
public:
    explicit S3Bucket(S3Options options, std::unique_ptr<S3Transport> transport = nullptr);

    std::optional<std::uint64_t> size(const std::string& name);
    std::string read(const std::string& name, std::uint64_t offset, std::size_t length);
    void put(const std::string& name, std::string_view bytes);
    /// In parts where it is large; nothing is there under that name before the last of them.
    void put_file(const std::string& name, const std::filesystem::path& file);
    void remove(const std::string& name);
    /// What follows a prefix up to the next '/', with the prefix.
    std::vector<std::string> folders(const std::string& prefix);
    /// Every object whose name begins so.
    void list(const std::string& prefix, const std::function<void(const S3Object&)>& take);
    /// Gives up parts of files that nobody finished. A server that cannot list them answers 0.
    std::size_t abort_unfinished(const std::string& prefix, std::chrono::system_clock::time_point before);

private:
    struct Ask {
        std::string method, name;
        S3Pairs query, fields;
        std::string_view body;
        std::size_t most = 1 << 20;
    };
    S3Answer once(const Ask& ask);
    /// The first answer that is not 429 or 5xx.
    S3Answer ask(const Ask& ask);
    /// The same; throws unless the status is one of these.
    S3Answer expect(const Ask& ask, std::initializer_list<int> statuses);
    void put_parts(const std::string& name, const std::filesystem::path& file, const std::string& upload,
                   std::uint64_t bytes);

    S3Options options_;
    std::unique_ptr<S3Transport> transport_;
};

}  // namespace kernel::blobs
