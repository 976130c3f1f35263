#include "kernel/blobs/checked_chunk.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/base/encoding.hpp"
#include "kernel/base/random.hpp"
#include "kernel/blobs/appender.hpp"

#include <concejo/error.hpp>

#include <openssl/evp.h>

#include <array>

namespace kernel::blobs {
namespace {

void require(bool good) {
    if (!good) throw concejo::Error(concejo::ErrorKind::internal, "OpenSSL no calcula la suma");
}

const EVP_MD* method_of(std::string_view algorithm) {
    return algorithm == "sha1"     ? EVP_sha1()
           : algorithm == "sha256" ? EVP_sha256()
           : algorithm == "sha512" ? EVP_sha512()
                                   : nullptr;
}

}  // namespace

std::optional<Checksum> Checksum::parse(std::string_view text) {
    const auto space = text.find(' ');
    if (space == text.npos) return std::nullopt;
    const auto* method = method_of(text.substr(0, space));
    const auto digest = base::unbase64(text.substr(space + 1));
    if (!method || !digest || digest->size() != static_cast<std::size_t>(EVP_MD_get_size(method)))
        return std::nullopt;
    return Checksum{std::string(text.substr(0, space)), *digest};
}

struct CheckedChunk::Digest {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Digest() { EVP_MD_CTX_free(context); }
};

CheckedChunk::CheckedChunk(const std::filesystem::path& upload, Checksum expected)
    : path_(upload.parent_path() / ("chunk." + base::random_hex(12))),
      file_(File::open(path_, O_RDWR | O_CREAT | O_EXCL, 0640)),
      expected_(std::move(expected)),
      digest_(std::make_unique<Digest>()) {
    require(digest_->context &&
            EVP_DigestInit_ex(digest_->context, method_of(expected_.algorithm), nullptr) == 1);
}

CheckedChunk::~CheckedChunk() { ::unlink(path_.c_str()); }

void CheckedChunk::write(std::string_view bytes) {
    require(EVP_DigestUpdate(digest_->context, bytes.data(), bytes.size()) == 1);
    file_.write(bytes);
}

bool CheckedChunk::append_to(const std::filesystem::path& upload, std::uint64_t offset) {
    std::array<char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    require(EVP_DigestFinal_ex(digest_->context, reinterpret_cast<unsigned char*>(digest.data()), &size) ==
            1);
    if (!base::equals_constant_time({digest.data(), size}, expected_.digest)) return false;
    Appender appender(upload, offset);
    constexpr std::size_t piece_bytes = 256 << 10;
    std::uint64_t at = 0;
    for (auto piece = file_.read_at(at, piece_bytes); !piece.empty();
         piece = file_.read_at(at, piece_bytes)) {
        appender.write(piece);
        at += piece.size();
    }
    return true;
}

}  // namespace kernel::blobs
