#include "kernel/net/http_body.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>

namespace kernel::net {
namespace {

[[noreturn]] void failed(const std::filesystem::path& file, concejo::ErrorKind kind) {
    throw concejo::Error(kind,
                         fmt::format("no se puede escribir {}: {}", file.string(), std::strerror(errno)));
}

}  // namespace

HttpBody::HttpBody(const std::filesystem::path& to) : to_(to) {
    if (to_.empty()) return;
    fd_ = ::open(to_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) failed(to_, errno == EEXIST ? concejo::ErrorKind::invalid : concejo::ErrorKind::internal);
}

HttpBody::~HttpBody() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(to_.c_str());
}

void HttpBody::write(std::string_view bytes) {
    sha_.update(bytes);
    bytes_ += bytes.size();
    if (to_.empty()) {
        memory_.append(bytes);
        return;
    }
    while (!bytes.empty()) {
        const auto count = ::write(fd_, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) failed(to_, concejo::ErrorKind::internal);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void HttpBody::finish(HttpAnswer& answer) {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    answer.body = std::move(memory_);
    answer.bytes = bytes_;
    answer.sha256 = sha_.finish_hex();
}

bool read_body(const std::filesystem::path& file, const std::string& sha256, HttpBody& into) {
    std::ifstream in(file, std::ios::binary);
    base::Sha256 seen;
    std::array<char, 64 << 10> piece;
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
        const std::string_view bytes(piece.data(), static_cast<std::size_t>(in.gcount()));
        seen.update(bytes);
        into.write(bytes);
    }
    return in.eof() && seen.finish_hex() == sha256;
}

}  // namespace kernel::net
