#include "kernel/backup/archive.hpp"
#include "kernel/base/digest.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <map>

namespace kernel::backup {
namespace {

/// "digest  name" lines, as sha256sum writes them.
std::map<std::string, std::string> sums_of(std::string_view text) {
    std::map<std::string, std::string> sums;
    for (const auto line : base::split(text, '\n')) {
        if (line.size() > 66) sums.emplace(line.substr(66), line.substr(0, 64));
    }
    return sums;
}

}  // namespace

Verified verify(const std::filesystem::path& file) {
    Verified result;
    std::map<std::string, std::string> found;
    std::string sums;
    bool ended = false;
    try {
        ArchiveReader reader(file);
        for (auto name = reader.next(); !name.empty(); name = reader.next()) {
            if (ended) result.problems.push_back(base::tr("{}: está detrás del final", name));
            if (name == sums_member) {
                sums = reader.text();
                ended = true;
                continue;
            }
            base::Sha256 digest;
            reader.read([&](std::string_view piece) {
                digest.update(piece);
                result.bytes += piece.size();
            });
            if (!found.emplace(name, digest.finish_hex()).second)
                result.problems.push_back(base::tr("{}: está dos veces", name));
            ++result.members;
        }
    } catch (const concejo::Error& error) {
        result.problems.emplace_back(error.what());
    }
    if (!ended) {
        result.problems.push_back(base::tr("{}: no llega hasta el final", file.string()));
        return result;
    }
    const auto wanted = sums_of(sums);
    for (const auto& [name, sum] : wanted) {
        const auto there = found.find(name);
        if (there == found.end())
            result.problems.push_back(base::tr("{}: falta", name));
        else if (there->second != sum)
            result.problems.push_back(base::tr("{}: no es lo que se guardó", name));
    }
    for (const auto& [name, sum] : found) {
        if (!wanted.count(name)) result.problems.push_back(base::tr("{}: sobra", name));
    }
    return result;
}

}  // namespace kernel::backup
