#include "kernel/i18n/catalogs.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <fstream>

namespace kernel::i18n {

std::string_view language_name(std::string_view lang) {
    if (lang == "es") return "Castellano";
    if (lang == "ca") return "Català";
    if (lang == "gl") return "Galego";
    if (lang == "eu") return "Euskara";
    if (lang == "en") return "English";
    return lang;
}

bool is_language(std::string_view lang) {
    return std::find(languages.begin(), languages.end(), lang) != languages.end();
}

void Catalogs::load(std::string_view domain, const std::filesystem::path& folder) {
    for (const auto lang : languages) {
        const auto file = folder / (std::string(lang) + ".po");
        if (lang == "es" || !std::filesystem::exists(file)) continue;
        std::ifstream in(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        PoFile po = parse_po(text, file.string());
        Catalog& catalog = catalogs_[std::string(lang) + '/' + std::string(domain)];
        catalog.rule = po.rule;
        for (auto& entry : po.entries) {
            const bool done = !entry.fuzzy && std::none_of(entry.texts.begin(), entry.texts.end(),
                                                           [](const auto& text) { return text.empty(); });
            if (done) catalog.entries[entry.msgid] = std::move(entry.texts);
        }
    }
}

const std::vector<std::string>* Catalogs::find(std::string_view lang, std::string_view domain,
                                               std::string_view msgid, PluralRule& rule) const {
    const std::string key(msgid);
    for (const auto wanted : {domain, std::string_view("base")}) {
        const auto catalog = catalogs_.find(std::string(lang) + '/' + std::string(wanted));
        if (catalog == catalogs_.end()) continue;
        const auto entry = catalog->second.entries.find(key);
        if (entry == catalog->second.entries.end()) continue;
        rule = catalog->second.rule;
        return &entry->second;
    }
    const std::size_t dash = lang.find('-');
    return dash == std::string_view::npos ? nullptr : find(lang.substr(0, dash), domain, msgid, rule);
}

std::string Catalogs::translate(std::string_view lang, std::string_view domain,
                                std::string_view msgid) const {
    PluralRule rule{};
    const auto* texts = find(lang, domain, msgid, rule);
    return texts ? texts->front() : std::string(msgid);
}

std::string Catalogs::plural(std::string_view lang, std::string_view domain, std::string_view singular,
                             std::string_view plural, std::int64_t n) const {
    PluralRule rule{};
    const auto* texts = find(lang, domain, singular, rule);
    if (!texts) return std::string(n == 1 || n == -1 ? singular : plural);
    return (*texts)[std::min(plural_form(rule, n), texts->size() - 1)];
}

}  // namespace kernel::i18n
