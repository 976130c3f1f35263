#include "kernel/backup/archive.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <utility>

namespace kernel::backup {

using concejo::Error;
using concejo::ErrorKind;
namespace fs = std::filesystem;

namespace {
constexpr std::size_t piece_bytes = 128 << 10;
}

ArchiveWriter::ArchiveWriter(fs::path file) : file_(std::move(file)), partial_(file_.string() + ".parcial") {
    descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor_ < 0)
        throw Error(ErrorKind::internal,
                    base::tr("no se puede escribir {0}: {1}", partial_.string(), std::strerror(errno)));
    archive_ = archive_write_new();
    archive_write_set_format_pax_restricted(archive_);
    archive_write_add_filter_zstd(archive_);
    if (archive_write_open_fd(archive_, descriptor_) != ARCHIVE_OK) fail(base::tr("no se puede escribir"));
}

ArchiveWriter::~ArchiveWriter() {
    if (archive_) archive_write_free(archive_);
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(partial_.c_str());
}

void ArchiveWriter::fail(std::string_view what) const {
    const char* why = archive_error_string(archive_);
    throw Error(ErrorKind::internal, fmt::format("{}: {}: {}", file_.string(), what, why ? why : "?"));
}

void ArchiveWriter::begin_member(const std::string& name, std::uint64_t bytes) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              &archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<std::int64_t>(bytes));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0600);
    archive_entry_set_mtime(entry.get(), ::time(nullptr), 0);
    if (archive_write_header(archive_, entry.get()) != ARCHIVE_OK) fail(name);
}

void ArchiveWriter::data(std::string_view piece) {
    if (archive_write_data(archive_, piece.data(), piece.size()) != static_cast<la_ssize_t>(piece.size()))
        fail(base::tr("no se puede escribir"));
}

void ArchiveWriter::add(const std::string& name, std::string_view content) {
    begin_member(name, content.size());
    if (!content.empty()) data(content);
    if (name != sums_member) sums_ += base::sha256_hex(content) + "  " + name + "\n";
}

std::string ArchiveWriter::add_stream(
    const std::string& name, std::uint64_t bytes,
    const std::function<void(const std::function<void(std::string_view)>&)>& give) {
    begin_member(name, bytes);
    base::Sha256 digest;
    std::uint64_t given = 0;
    give([&](std::string_view piece) {
        given += piece.size();
        if (given > bytes) return;
        data(piece);
        digest.update(piece);
    });
    if (given != bytes)
        throw Error(ErrorKind::internal, base::tr("{} cambió de tamaño mientras se copiaba", name));
    auto sum = digest.finish_hex();
    sums_ += sum + "  " + name + "\n";
    return sum;
}

std::string ArchiveWriter::add_file(const std::string& name, const fs::path& source) {
    std::ifstream input(source, std::ios::binary);
    std::error_code error;
    const auto bytes = fs::file_size(source, error);
    if (!input || error) throw Error(ErrorKind::not_found, base::tr("no se puede leer {}", source.string()));
    return add_stream(name, bytes, [&](const auto& take) {
        std::string buffer(piece_bytes, '\0');
        while (input.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), input.gcount() > 0)
            take({buffer.data(), static_cast<std::size_t>(input.gcount())});
    });
}

void ArchiveWriter::finish() {
    add(std::string(sums_member), sums_);
    if (archive_write_close(archive_) != ARCHIVE_OK) fail(base::tr("no se puede terminar"));
    if (::fsync(descriptor_) != 0 || ::rename(partial_.c_str(), file_.c_str()) != 0)
        throw Error(ErrorKind::internal, fmt::format("{}: {}", file_.string(), std::strerror(errno)));
    ::close(std::exchange(descriptor_, -1));
    const int folder = ::open(file_.parent_path().empty() ? "." : file_.parent_path().c_str(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

ArchiveReader::ArchiveReader(fs::path file) : file_(std::move(file)) {
    archive_ = archive_read_new();
    archive_read_support_filter_zstd(archive_);
    archive_read_support_format_tar(archive_);
    if (archive_read_open_filename(archive_, file_.c_str(), piece_bytes) == ARCHIVE_OK) return;
    const std::string why = archive_error_string(archive_);
    archive_read_free(std::exchange(archive_, nullptr));
    throw Error(ErrorKind::invalid, base::tr("{0} no es una copia de Concejo: {1}", file_.string(), why));
}

ArchiveReader::~ArchiveReader() {
    if (archive_) archive_read_free(archive_);
}

void ArchiveReader::fail(std::string_view what) const {
    const char* why = archive_error_string(archive_);
    throw Error(ErrorKind::invalid, fmt::format("{}: {}: {}", file_.string(), what, why ? why : "?"));
}

std::string ArchiveReader::next() {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_, &entry);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK) fail(base::tr("la copia está dañada o cortada"));
    const char* name = archive_entry_pathname(entry);
    // Names are used to build paths: only what we write ourselves is let in.
    if (!name || archive_entry_filetype(entry) != AE_IFREG || name[0] == '/' ||
        std::string_view(name).find("..") != std::string_view::npos)
        fail(base::tr("tiene un nombre que no puede tener"));
    return name;
}

void ArchiveReader::read(const std::function<void(std::string_view)>& take) {
    std::string buffer(piece_bytes, '\0');
    for (;;) {
        const auto got = archive_read_data(archive_, buffer.data(), buffer.size());
        if (got < 0) fail(base::tr("la copia está dañada o cortada"));
        if (got == 0) return;
        take({buffer.data(), static_cast<std::size_t>(got)});
    }
}

std::string ArchiveReader::text(std::size_t limit) {
    std::string all;
    read([&](std::string_view piece) {
        if (all.size() + piece.size() > limit) fail(base::tr("un miembro es demasiado grande"));
        all += piece;
    });
    return all;
}

void ArchiveReader::save(const fs::path& to) {
    fs::create_directories(to.parent_path());
    const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0)
        throw Error(ErrorKind::internal,
                    base::tr("no se puede escribir {0}: {1}", to.string(), std::strerror(errno)));
    const std::unique_ptr<const int, void (*)(const int*)> closed(&out, [](const int* fd) { ::close(*fd); });
    read([&](std::string_view piece) {
        while (!piece.empty()) {
            const auto written = ::write(out, piece.data(), piece.size());
            if (written < 0)
                throw Error(ErrorKind::internal,
                            base::tr("no se puede escribir {0}: {1}", to.string(), std::strerror(errno)));
            piece.remove_prefix(static_cast<std::size_t>(written));
        }
    });
}

}  // namespace kernel::backup
