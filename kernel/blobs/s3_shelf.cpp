#include "kernel/blobs/s3_shelf.hpp"

#include <algorithm>
#include <map>

namespace kernel::blobs {

std::string S3Shelf::name(const Key& key) const {
    return prefix_ + key.tenant + "/" + key.stripe() + "/" + key.id;
}

std::optional<std::uint64_t> S3Shelf::size(const Key& key) { return bucket_.size(name(key)); }

std::string S3Shelf::read(const Key& key, std::uint64_t offset, std::size_t length) {
    return bucket_.read(name(key), offset, length);
}

void S3Shelf::place(const Key& key, const std::filesystem::path& file) { bucket_.put_file(name(key), file); }

std::string S3Shelf::read_blocks(const Key& key, std::uint64_t offset, std::size_t length) {
    return bucket_.read(name(key) + ".blocks", offset, length);
}

void S3Shelf::write_blocks(const Key& key, std::string_view list) {
    bucket_.put(name(key) + ".blocks", list);
}

void S3Shelf::remove(const Key& key) {
    bucket_.remove(name(key));
    bucket_.remove(name(key) + ".blocks");
}

std::vector<std::string> S3Shelf::stripes(const std::string& tenant) {
    std::vector<std::string> all;
    for (const auto& folder : bucket_.folders(prefix_ + tenant + "/")) {
        if (folder.size() >= 3) all.push_back(folder.substr(folder.size() - 3, 2));
    }
    return all;
}

std::vector<Shelf::Found> S3Shelf::list(const std::string& tenant, const std::string& stripe) {
    const auto folder = prefix_ + tenant + "/" + stripe + "/";
    std::map<std::string, std::chrono::system_clock::time_point> found;
    bucket_.list(folder, [&](const S3Object& object) {
        const auto file = object.name.substr(folder.size());
        const auto id = file.substr(0, file.find('.'));
        if (id.size() != 64) return;
        auto& changed = found[id];
        changed = std::max(changed, object.changed);
    });
    std::vector<Found> all;
    for (auto& [id, changed] : found) all.push_back({id, changed});
    return all;
}

std::size_t S3Shelf::remove_unfinished(const std::string& tenant,
                                       std::chrono::system_clock::time_point before) {
    return bucket_.abort_unfinished(prefix_ + tenant + "/", before);
}

}  // namespace kernel::blobs
