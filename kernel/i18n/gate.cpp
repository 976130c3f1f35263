#include "kernel/i18n/gate.hpp"

#include "kernel/i18n/catalogs.hpp"
#include "kernel/i18n/po.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace kernel::i18n {

namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Excuse {
    std::set<std::string, std::less<>> languages;
    int line = 0;
    bool used = false;
};

class Gate {
public:
    explicit Gate(const GateInput& input) : input_(input) {
        for (const Message& message : input.messages) wanted_.emplace(message.msgid, &message);
        read_excuses();
    }

    std::vector<std::string> run() {
        for (const auto lang : languages) {
            if (lang != "es") language(std::string(lang));
        }
        for (const auto& [text, excuse] : excuses_) {
            if (!excuse.used)
                report(input_.po / "iguales.txt", excuse.line, "línea que sobra: «" + text + "»");
        }
        return std::move(found_);
    }

private:
    std::string shown(const fs::path& file) const {
        const auto relative = file.lexically_relative(input_.shown_from).generic_string();
        return relative.empty() || relative.starts_with("..") ? file.generic_string() : relative;
    }

    void report(const fs::path& file, int line, const std::string& what) {
        found_.push_back(shown(file) + ':' + std::to_string(line) + ": " + what);
    }

    void read_excuses() {
        std::istringstream lines(read(input_.po / "iguales.txt"));
        std::string line;
        for (int number = 1; std::getline(lines, line); ++number) {
            if (line.empty() || line[0] == '#') continue;
            const std::size_t first = line.find(" | "), second = line.find(" | ", first + 3);
            if (first == std::string::npos || second == std::string::npos) {
                report(input_.po / "iguales.txt", number, "se espera «idiomas | motivo | texto»");
                continue;
            }
            Excuse& excuse = excuses_[line.substr(second + 3)];
            excuse.line = number;
            std::istringstream codes(line.substr(0, first));
            for (std::string code; codes >> code;) excuse.languages.insert(code);
        }
    }

    bool excused(const std::string& text, const std::string& lang) {
        const auto found = excuses_.find(text);
        if (found == excuses_.end()) return false;
        const bool covers = found->second.languages.contains(lang) || found->second.languages.contains("*");
        found->second.used = found->second.used || covers;
        return covers;
    }

    void language(const std::string& lang) {
        const fs::path file = input_.po / (lang + ".po");
        const PoFile po = parse_po(read(file), shown(file));
        std::map<std::string, const PoEntry*> entries;
        for (const PoEntry& entry : po.entries) entries[entry.msgid] = &entry;
        const auto in_base = fallback(lang);
        for (const auto& [msgid, message] : wanted_) {
            const auto entry = entries.find(msgid);
            if (entry != entries.end())
                check(lang, file, *message, *entry->second);
            else if (!in_base.contains(msgid))
                report(message->file, message->line, "sin traducción (" + lang + "): «" + msgid + "»");
        }
        for (const PoEntry& entry : po.entries) {
            if (!wanted_.contains(entry.msgid))
                report(file, entry.line, "sobra, ya no se usa: «" + entry.msgid + "»");
        }
        for (const int line : po.obsolete) report(file, line, "entrada obsoleta (#~): bórrela");
    }

    std::set<std::string> fallback(const std::string& lang) const {
        std::set<std::string> texts;
        if (input_.fallback.empty()) return texts;
        const fs::path file = input_.fallback / (lang + ".po");
        for (const auto& entry : parse_po(read(file), shown(file)).entries) texts.insert(entry.msgid);
        return texts;
    }

    void check(const std::string& lang, const fs::path& file, const Message& message, const PoEntry& entry) {
        if (entry.fuzzy) report(file, entry.line, "traducción dudosa (fuzzy): revísela");
        if (entry.plural != message.plural) {
            report(message.file, message.line,
                   "el plural no es el de " + lang + ".po: «" + message.msgid + "»");
        }
        const std::size_t forms = message.plural.empty() ? 1 : 2;
        if (entry.texts.size() != forms) {
            report(file, entry.line,
                   "se esperan " + std::to_string(forms) + " formas y hay " +
                       std::to_string(entry.texts.size()));
        }
        for (const std::string& text : entry.texts) {
            if (text.empty()) {
                report(message.file, message.line, "sin traducción (" + lang + "): «" + message.msgid + "»");
            } else if (placeholders(text) != placeholders(message.msgid) &&
                       (message.plural.empty() || placeholders(text) != placeholders(message.plural))) {
                report(file, entry.line, "no conserva los huecos entre llaves de «" + message.msgid + "»");
            }
        }
        if (entry.texts[0] == message.msgid && !excused(message.msgid, lang)) {
            report(file, entry.line,
                   "igual que en español y no está en iguales.txt: «" + message.msgid + "»");
        }
    }

    const GateInput& input_;
    std::map<std::string, const Message*> wanted_;
    std::map<std::string, Excuse> excuses_;
    std::vector<std::string> found_;
};

std::string po_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\n')
            out += "\\n";
        else if (c == '"' || c == '\\')
            out += {'\\', c};
        else
            out += c;
    }
    return out + '"';
}

}  // namespace

std::vector<std::string> check_translations(const GateInput& input) { return Gate(input).run(); }

std::size_t add_missing(const GateInput& input) {
    std::size_t added = 0;
    for (const auto lang : languages) {
        if (lang == "es") continue;
        const fs::path file = input.po / (std::string(lang) + ".po");
        std::set<std::string> known;
        const bool fresh = !fs::exists(file);
        for (const auto& folder : {input.po, input.fallback}) {
            if (folder.empty()) continue;
            const fs::path catalog = folder / (std::string(lang) + ".po");
            for (const auto& entry : parse_po(read(catalog), catalog.string()).entries)
                known.insert(entry.msgid);
        }
        std::ofstream out(file, std::ios::app | std::ios::binary);
        if (fresh) {
            out << "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Language: "
                << lang << "\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n";
        }
        for (const Message& message : input.messages) {
            if (!known.insert(message.msgid).second) continue;
            out << "\nmsgid " << po_text(message.msgid) << '\n';
            if (message.plural.empty())
                out << "msgstr \"\"\n";
            else
                out << "msgid_plural " << po_text(message.plural) << "\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n";
            ++added;
        }
    }
    return added;
}

}  // namespace kernel::i18n
