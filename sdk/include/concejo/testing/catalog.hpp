// The plugin's own translations in a test: gettext's .po, as the kernel reads them.
#pragma once

#include <concejo/error.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concejo::inline v1::testing {

class Catalog {
public:
    /// <lang>.po of the folder, where it is. Throws Error{invalid} for a line that is no .po.
    void load(const std::filesystem::path& folder, const std::string& language) {
        const auto file = folder / (language + ".po");
        if (!std::filesystem::exists(file)) return;
        std::ifstream in(file, std::ios::binary);
        std::string line, msgid, *into = nullptr;
        std::vector<std::string> texts;
        const auto keep = [&] {
            if (!msgid.empty() && !texts.empty() && !texts[0].empty()) entries_[{language, msgid}] = texts;
            if (msgid.empty() && !texts.empty())
                more_than_one_[language] = texts[0].find("n > 1") != std::string::npos;
            texts.clear();
            msgid.clear();
        };
        std::string plural;
        for (int number = 1; std::getline(in, line); ++number) {
            while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
            if (line.empty() || line[0] == '#') continue;
            const auto quote = line.find('"');
            if (quote == std::string::npos || line.size() < quote + 2 || line.back() != '"')
                throw Error(ErrorKind::invalid,
                            file.string() + ":" + std::to_string(number) + ": no es una línea de un .po");
            const auto word = std::string_view(line).substr(0, quote);
            const auto value = unescaped(std::string_view(line).substr(quote + 1, line.size() - quote - 2));
            if (word.starts_with("msgid_plural")) {
                into = &(plural = value);
                continue;
            }
            if (word.starts_with("msgid")) {
                keep();
                into = &(msgid = value);
            } else if (word.starts_with("msgstr")) {
                texts.push_back(value);
                into = &texts.back();
            } else if (into) {
                *into += value;
            }
        }
        keep();
    }

    /// The Spanish text itself where there is no other, and in Spanish.
    std::string text(const std::string& language, std::string_view msgid) const {
        const auto found = entries_.find({language, std::string(msgid)});
        return found == entries_.end() ? std::string(msgid) : found->second.front();
    }
    std::string text(const std::string& language, std::string_view one, std::string_view many,
                     std::int64_t n) const {
        const auto found = entries_.find({language, std::string(one)});
        if (found == entries_.end()) return std::string(n == 1 || n == -1 ? one : many);
        const auto rule = more_than_one_.find(language);
        const bool from_two = rule != more_than_one_.end() && rule->second;
        const std::size_t form = from_two ? n > 1 || n < -1 : n != 1 && n != -1;
        return found->second[form < found->second.size() ? form : found->second.size() - 1];
    }

private:
    static std::string unescaped(std::string_view text) {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 == text.size()) {
                out += text[i];
                continue;
            }
            const char c = text[++i];
            out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        return out;
    }

    std::map<std::pair<std::string, std::string>, std::vector<std::string>> entries_;
    std::map<std::string, bool> more_than_one_;
};

}  // namespace concejo::inline v1::testing
