#include "plugins/open-data/workbook/shared_texts.hpp"

#include "plugins/open-data/workbook/row_writer.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>

namespace open_data::workbook {
namespace {

constexpr std::size_t buffered = std::size_t{1} << 18;

int nameless_file() {
    auto path = (std::filesystem::temp_directory_path() / "concejo-textos-XXXXXX").string();
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) disk_full();
    ::unlink(path.c_str());
    return file;
}

}  // namespace

SpilledBytes::~SpilledBytes() {
    if (mapped_) ::munmap(mapped_, written_);
    if (file_ >= 0) ::close(file_);
}

void SpilledBytes::add(std::string_view bytes) {
    piece_ += bytes;
    if (piece_.size() >= buffered) write();
}

void SpilledBytes::write() {
    if (file_ < 0) file_ = nameless_file();
    for (std::string_view left = piece_; !left.empty();) {
        const auto done = ::write(file_, left.data(), left.size());
        if (done < 0 && errno != EINTR) disk_full();
        if (done > 0) left.remove_prefix(static_cast<std::size_t>(done));
    }
    written_ += piece_.size();
    piece_.clear();
}

std::string_view SpilledBytes::seal() {
    if (written_ == 0) return piece_;
    write();
    void* mapped = ::mmap(nullptr, written_, PROT_READ, MAP_PRIVATE, file_, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    mapped_ = mapped;
    return {static_cast<const char*>(mapped), written_};
}

void SharedTexts::add(std::string_view text) {
    texts_.add(text);
    const std::uint64_t end = texts_.size();
    char bytes[sizeof end];
    std::memcpy(bytes, &end, sizeof end);
    ends_.add({bytes, sizeof end});
}

void SharedTexts::seal() { all_texts_ = texts_.seal(), all_ends_ = ends_.seal(); }

std::uint64_t SharedTexts::end(std::uint64_t number) const {
    std::uint64_t end = 0;
    std::memcpy(&end, all_ends_.data() + number * sizeof end, sizeof end);
    return end;
}

std::string_view SharedTexts::text(std::uint64_t number) const {
    if (number >= all_ends_.size() / sizeof number) return {};
    const auto begin = number ? end(number - 1) : 0;
    return all_texts_.substr(begin, end(number) - begin);
}

}  // namespace open_data::workbook
