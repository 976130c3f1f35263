// Contents as objects of a bucket: <prefix><tenant>/<2 digits>/<sha-256>, and <sha-256>.blocks beside the
// larger ones.
#pragma once

#include "kernel/blobs/s3_bucket.hpp"
#include "kernel/blobs/shelf.hpp"

namespace kernel::blobs {

class S3Shelf final : public Shelf {
public:
    /// `prefix` ends with '/' or is empty.
    S3Shelf(S3Options options, std::string prefix)
        : bucket_(std::move(options)), prefix_(std::move(prefix)) {}

    std::optional<std::uint64_t> size(const Key&) override;
    std::string read(const Key&, std::uint64_t offset, std::size_t length) override;
    std::size_t window() const noexcept override { return 1 << 20; }
    void place(const Key&, const std::filesystem::path& file) override;
    std::string read_blocks(const Key&, std::uint64_t offset, std::size_t length) override;
    void write_blocks(const Key&, std::string_view list) override;
    void remove(const Key&) override;
    std::vector<std::string> stripes(const std::string& tenant) override;
    std::vector<Found> list(const std::string& tenant, const std::string& stripe) override;
    std::size_t remove_unfinished(const std::string& tenant,
                                  std::chrono::system_clock::time_point before) override;
    std::filesystem::path local_path(const Key&) const override { return {}; }

private:
    std::string name(const Key&) const;
    S3Bucket bucket_;
    std::string prefix_;
};

}  // namespace kernel::blobs
