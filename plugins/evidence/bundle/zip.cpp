#include "plugins/evidence/bundle/zip.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace evidence::bundle {
namespace {

constexpr std::string_view local_mark("PK\3\4", 4), central_mark("PK\1\2", 4), end_mark("PK\5\6", 4);
constexpr std::size_t local_size = 30, central_size = 46, end_size = 22;

/// [k][byte]: what a byte does to the value k bytes later.
constexpr auto crc_tables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320U : 0);
        tables[0][i] = value;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t i = 0; i < 256; ++i)
            tables[k][i] = tables[0][tables[k - 1][i] & 0xFF] ^ tables[k - 1][i] >> 8;
    return tables;
}();

std::uint32_t get(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = size - 1; i >= 0; --i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

/// CRC-32 of ISO 3309, which zip asks for, eight bytes at a time. It is no protection: the manifest is.
std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t value = 0xFFFFFFFFU;
    for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
        const std::uint32_t low = value ^ get(bytes, 0, 4), high = get(bytes, 4, 4);
        value = 0;
        for (std::size_t i = 0; i < 4; ++i)
            value ^= crc_tables[7 - i][low >> (8 * i) & 0xFF] ^ crc_tables[3 - i][high >> (8 * i) & 0xFF];
    }
    for (const unsigned char byte : bytes) value = crc_tables[0][(value ^ byte) & 0xFF] ^ value >> 8;
    return ~value;
}

void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}
/// What a local header and the central one have in common: from "version needed" to the extra field's length.
std::string described(const File& file) {
    std::string out;
    put(out, 10, 2);    // version needed: 1.0
    put(out, 0, 2);     // flags
    put(out, 0, 2);     // method: stored
    put(out, 0, 2);     // 00:00:00
    put(out, 0x21, 2);  // 1 January 1980
    put(out, crc32(file.bytes), 4);
    put(out, file.bytes.size(), 4);
    put(out, file.bytes.size(), 4);
    put(out, file.name.size(), 2);
    put(out, 0, 2);  // extra field
    return out;
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-';
           });
}

/// The length of the archive, or nothing past the limits.
std::optional<std::size_t> length(const std::vector<File>& files) {
    if (files.empty() || files.size() > most_files) return std::nullopt;
    std::size_t total = end_size;
    for (const auto& file : files) {
        if (!is_name(file.name) || file.bytes.size() > longest_bundle) return std::nullopt;
        total += local_size + central_size + 2 * file.name.size() + file.bytes.size();
        if (total > longest_bundle) return std::nullopt;
    }
    return total;
}

/// Hands the archive out piece by piece, and stops where `take` says no.
template <class Take>
bool pieces(const std::vector<File>& files, Take take) {
    std::string directory, header;
    std::size_t at = 0;
    for (const auto& file : files) {
        const auto common = described(file);
        directory += central_mark;
        put(directory, 10, 2);  // made by: version 1.0, so no attributes
        directory += common;
        directory.append(2 + 2 + 2 + 4, '\0');  // comment, disk, attributes
        put(directory, at, 4);
        directory += file.name;
        header = local_mark;
        header += common;
        header += file.name;
        if (!take(header) || !take(file.bytes)) return false;
        at += header.size() + file.bytes.size();
    }
    std::string end(end_mark);
    put(end, 0, 4);  // disks
    put(end, files.size(), 2);
    put(end, files.size(), 2);
    put(end, directory.size(), 4);
    put(end, at, 4);
    put(end, 0, 2);  // comment
    return take(directory) && take(end);
}

}  // namespace

std::string write_zip(const std::vector<File>& files) {
    const auto total = length(files);
    if (!total)
        throw concejo::Error(concejo::ErrorKind::invalid, "bundle: too large, or a name that cannot be");
    std::string out;
    out.reserve(*total);
    pieces(files, [&](std::string_view piece) { return out += piece, true; });
    return out;
}

std::optional<std::vector<File>> read_zip(std::string_view zip) {
    if (zip.size() > longest_bundle) return std::nullopt;
    std::vector<File> files;
    for (auto rest = zip; rest.starts_with(local_mark);) {
        if (rest.size() < local_size || files.size() == most_files) return std::nullopt;
        const std::size_t size = get(rest, 22, 4), name = get(rest, 26, 2);
        rest.remove_prefix(local_size);
        if (name > rest.size() || size > rest.size() - name) return std::nullopt;
        files.push_back({rest.substr(0, name), rest.substr(name, size)});
        rest.remove_prefix(name + size);
    }
    // Everything else is what the writer says, or it is not the file.
    if (length(files) != zip.size()) return std::nullopt;
    auto rest = zip;
    const bool same = pieces(files, [&](std::string_view piece) {
        if (!rest.starts_with(piece)) return false;
        rest.remove_prefix(piece.size());
        return true;
    });
    if (!same || !rest.empty()) return std::nullopt;
    return files;
}

}  // namespace evidence::bundle
