#include "kernel/authoring/migration_names.hpp"

#include "kernel/authoring/plugin_id.hpp"
#include "kernel/base/tr.hpp"
#include "kernel/db/sql_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace kernel::authoring {
namespace {

constexpr std::array<std::string_view, 11> kinds{"table",     "index",    "type",     "domain",
                                                 "view",      "sequence", "function", "procedure",
                                                 "aggregate", "operator", "collation"};
constexpr std::array<std::string_view, 12> not_for_plugins{
    "schema", "role",   "user",        "database",     "extension", "tablespace",
    "server", "policy", "publication", "subscription", "language",  "cast"};
constexpr std::array<std::string_view, 13> between{
    "or", "replace", "unique", "materialized", "unlogged", "recursive", "concurrently",
    "if", "not",     "exists", "only",         "foreign",  "constraint"};
constexpr std::array<std::string_view, 6> ends_transaction{"begin", "commit",    "rollback",
                                                           "start", "savepoint", "end"};

template <class List>
bool among(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

class Lint {
public:
    explicit Lint(std::string_view id)
        : whole_(snake_of(id)), last_(snake_of(id.substr(id.rfind('.') + 1))) {}

    void statement(const std::vector<std::string>& words) {
        if (words.empty()) return;
        const auto& verb = words[0];
        if (among(ends_transaction, verb))
            return refuse(base::tr("lleva {}, y cada migración ya es una transacción: quítelo", upper(verb)));
        if (verb == "set" || verb == "reset")
            return refuse(base::tr("lleva {}, que cambia la sesión del núcleo: quítelo", upper(verb)));
        if (verb == "grant" || verb == "revoke")
            return refuse(base::tr("lleva {}, y los derechos los da el núcleo: quítelo", upper(verb)));
        if (verb == "create" || verb == "alter" || verb == "drop") named(words);
    }

    std::vector<NameFinding> findings;

private:
    void named(const std::vector<std::string>& words) {
        std::size_t at = 1;
        while (at < words.size() && among(between, words[at])) ++at;
        if (at < words.size() && (words[at] == "temp" || words[at] == "temporary"))
            return;  // gone with the session
        if (at >= words.size()) return;
        const auto kind = words[at];
        if (among(not_for_plugins, kind))
            return refuse(base::tr("lleva {0} {1}, que no es cosa de un complemento: quítelo",
                                   upper(words[0]), upper(kind)));
        if (kind == "trigger") return;  // named within its table
        if (!among(kinds, kind)) return;
        for (++at; at < words.size() && among(between, words[at]);) ++at;
        if (at >= words.size() || words[at] == "on") return;  // an index that takes its name from its table
        name(words[0], kind, words[at]);
        for (; at + 2 < words.size(); ++at) {
            if (words[0] == "alter" && words[at] == "rename" && words[at + 1] == "to")
                name(words[0], kind, words[at + 2]);
        }
    }

    void name(const std::string& verb, const std::string& kind, std::string word) {
        if (word.starts_with("\"")) word.erase(0, 1);
        const auto begins = [&](const std::string& prefix) {
            return word == prefix || word.starts_with(prefix + "_");
        };
        if (begins(whole_)) return;
        const auto what = fmt::format("{} {} «{}»", upper(verb), upper(kind), word);
        if (begins(last_)) {
            if (said_.insert(last_).second)
                findings.push_back(
                    {false, base::tr("los nombres empiezan por «{0}_», la última parte del identificador: "
                                     "chocan con los de otro complemento que acabe igual; «{1}_» no",
                                     last_, whole_)});
            return;
        }
        refuse(
            base::tr("{0}: el esquema es de todos los complementos y este nombre no dice de cuál es; llámelo "
                     "«{1}_{2}»",
                     what, whole_, word));
    }

    void refuse(std::string text) { findings.push_back({true, std::move(text)}); }

    static std::string upper(std::string word) {
        std::transform(word.begin(), word.end(), word.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return word;
    }

    std::string whole_, last_;
    std::set<std::string> said_;
};

}  // namespace

std::vector<NameFinding> check_migration(std::string_view sql, std::string_view id) {
    Lint lint(id);
    std::vector<std::string> words;
    try {
        db::SqlWords scanner(sql);
        for (auto word = scanner.next(); !word.empty(); word = scanner.next()) {
            if (word != ";") {
                words.push_back(std::move(word));
                continue;
            }
            lint.statement(words);
            words.clear();
        }
        lint.statement(words);
    } catch (const concejo::Error& error) {
        lint.findings.push_back({true, error.what()});
    }
    return std::move(lint.findings);
}

}  // namespace kernel::authoring
