#include "plugins/evidence/eni/archive.hpp"

#include "plugins/evidence/crypto/openssl.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>

namespace evidence::eni {
namespace {

constexpr std::size_t most_files = 5000, most_bytes = std::size_t{512} << 20;

void close(archive* one) { archive_read_free(one); }
using Archive = crypto::Owned<archive, close>;

}  // namespace

std::optional<std::map<std::string, std::string>> unzip(std::string_view file) {
    const Archive zip(archive_read_new());
    archive_read_support_format_zip(zip.get());
    if (archive_read_open_memory(zip.get(), file.data(), file.size()) != ARCHIVE_OK) return std::nullopt;
    std::map<std::string, std::string> all;
    std::size_t total = 0;
    std::array<char, 65536> piece{};
    for (archive_entry* entry = nullptr;;) {
        const int next = archive_read_next_header(zip.get(), &entry);
        if (next == ARCHIVE_EOF) return all;
        if (next != ARCHIVE_OK || all.size() >= most_files) return std::nullopt;
        const char* name = archive_entry_pathname(entry);
        if (!name) return std::nullopt;
        if (archive_entry_filetype(entry) != AE_IFREG) continue;
        const auto [at, fresh] = all.emplace(name, std::string());
        if (!fresh) return std::nullopt;
        for (;;) {
            const auto size = archive_read_data(zip.get(), piece.data(), piece.size());
            if (size < 0) return std::nullopt;
            if (size == 0) break;
            total += static_cast<std::size_t>(size);
            if (total > most_bytes) return std::nullopt;
            at->second.append(piece.data(), static_cast<std::size_t>(size));
        }
    }
}

}  // namespace evidence::eni
