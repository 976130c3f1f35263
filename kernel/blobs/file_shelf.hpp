// Contents as files: <root>/<tenant>/<2 digits>/<sha-256>, and <sha-256>.blocks beside those with several
// blocks.
#pragma once

#include "kernel/blobs/shelf.hpp"

namespace kernel::blobs {

class FileShelf final : public Shelf {
public:
    explicit FileShelf(std::filesystem::path root) : root_(std::move(root)) {}

    std::optional<std::uint64_t> size(const Key&) override;
    std::string read(const Key&, std::uint64_t offset, std::size_t length) override;
    std::size_t window() const noexcept override;
    void place(const Key&, const std::filesystem::path& file) override;
    std::string read_blocks(const Key&, std::uint64_t offset, std::size_t length) override;
    void write_blocks(const Key&, std::string_view list) override;
    void remove(const Key&) override;
    std::vector<std::string> stripes(const std::string& tenant) override;
    std::vector<Found> list(const std::string& tenant, const std::string& stripe) override;
    std::size_t remove_unfinished(const std::string& tenant,
                                  std::chrono::system_clock::time_point before) override;
    std::filesystem::path local_path(const Key&) const override;

private:
    /// Its folder, made and synced where it was not there.
    std::filesystem::path folder_for(const Key&) const;
    std::filesystem::path root_;
};

}  // namespace kernel::blobs
