// concejo-verify: see docs/evidencia-formato.md.
#include "plugins/evidence/bundle/zip.hpp"
#include "plugins/evidence/verify/report.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>

namespace {

using namespace evidence::verify;

/// What ends the program with 2, already in the caller's language.
struct Unreadable {
    std::string why;
};

struct Options {
    bool json = false;
    std::vector<std::string> keys, roots;
    std::string file;
};

/// At most one byte more than a bundle may have, so that what is too long is seen to be; nothing, and errno,
/// where it cannot be read.
std::optional<std::string> read(const std::string& path) {
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
    if (!file) return std::nullopt;
    std::string bytes;
    std::error_code unknown;  // of a pipe; it grows, then
    const auto told = std::filesystem::file_size(path, unknown);
    if (!unknown) bytes.reserve(std::min<std::uintmax_t>(told, evidence::bundle::longest_bundle) + 1);
    char piece[64 * 1024];
    while (bytes.size() <= evidence::bundle::longest_bundle) {
        const auto size = std::fread(piece, 1, sizeof piece, file.get());
        if (std::ferror(file.get())) return std::nullopt;
        if (size == 0) break;
        bytes.append(piece, size);
    }
    return bytes;
}

Line cannot_open(const std::string& path) { return {Text::cannot_open, {path, std::strerror(errno)}}; }

/// A file that whoever checks gave to check with.
std::string read_given(const std::string& path, Language language) {
    auto bytes = read(path);
    if (!bytes) throw Unreadable{printable(say(Text::cannot_open, language, cannot_open(path).values))};
    return std::move(*bytes);
}

/// Throws Unreadable with the usage where the words are not understood.
Options parse(const std::vector<std::string>& words, Language language) {
    Options options;
    std::vector<std::string> files;
    bool only_files = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (only_files || !word.starts_with('-')) {
            files.push_back(word);
        } else if (word == "--") {
            only_files = true;
        } else if (word == "--json") {
            options.json = true;
        } else if ((word == "--clave" || word == "--raiz") && i + 1 < words.size()) {
            (word == "--clave" ? options.keys : options.roots).push_back(words[++i]);
        } else {
            throw Unreadable{say(Text::usage, language)};
        }
    }
    if (files.size() != 1) throw Unreadable{say(Text::usage, language)};
    options.file = files.front();
    return options;
}

int run(const std::vector<std::string>& words, Language language) {
    const auto options = parse(words, language);
    Trust trust;
    for (const auto& path : options.keys)
        if (!trust.add(read_given(path, language)))
            throw Unreadable{say(Text::bad_trust, language, {printable(path)})};
    std::vector<evidence::crypto::Certificate> roots;
    for (const auto& path : options.roots) {
        auto more = read_certificates(read_given(path, language));
        if (more.empty()) throw Unreadable{say(Text::bad_roots, language, {printable(path)})};
        for (auto& root : more) roots.push_back(std::move(root));
    }
    const auto file = read(options.file);
    Verdict verdict;  // unreadable, until it is read
    if (file)
        verdict = verify(*file, trust, openssl_judge(std::move(roots)));
    else
        verdict.failed.push_back(cannot_open(options.file));
    const auto text = options.json ? as_json(verdict, language) : in_words(verdict, language);
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? verdict.exit_code() : 2;
}

}  // namespace

int main(int argc, char** argv) {
    const auto language = language_of(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG"));
    const std::vector<std::string> words(argv + (argc > 0), argv + argc);
    try {
        if (words.size() == 1 && words[0] == "--version")
            return std::puts("concejo-verify " CONCEJO_VERSION) < 0 ? 2 : 0;
        if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h"))
            return std::puts(say(Text::usage, language).c_str()) < 0 ? 2 : 0;
        return run(words, language);
    } catch (const Unreadable& unreadable) {
        std::fprintf(stderr, "%s\n", unreadable.why.c_str());
    } catch (const std::exception& error) {  // no memory, a broken OpenSSL
        std::fprintf(stderr, "concejo-verify: %s\n", error.what());
    }
    return 2;
}
