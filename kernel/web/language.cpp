#include "kernel/web/language.hpp"

#include "kernel/base/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace kernel::web {
namespace {

/// 0 … 1000; a quality that cannot be read counts as not accepted.
int quality(std::string_view parameters) {
    for (const auto part : base::split(parameters, ';')) {
        const auto text = base::trim(part);
        if (!text.starts_with("q=") && !text.starts_with("Q=")) continue;
        const auto digits = text.substr(2);
        if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789.") != digits.npos)
            return 0;
        return std::min(1000,
                        static_cast<int>(std::strtod(std::string(digits).c_str(), nullptr) * 1000 + 0.5));
    }
    return 1000;
}

}  // namespace

std::string accepted_language(std::string_view field, const std::vector<std::string>& languages) {
    if (field.empty() || languages.empty()) return {};
    std::vector<int> weight(languages.size(), -1);
    int others = -1;
    for (const auto range : base::split(field, ',')) {
        const auto mark = range.find(';');
        const auto tag = base::lower_ascii(base::trim(range.substr(0, mark)));
        const int q = mark == range.npos ? 1000 : quality(range.substr(mark + 1));
        if (tag == "*") others = q;
        const auto primary = tag.substr(0, tag.find('-'));
        for (std::size_t i = 0; i < languages.size(); ++i) {
            if (primary == languages[i]) weight[i] = std::max(weight[i], q);
        }
    }
    std::size_t best = languages.size();
    int most = 0;
    for (std::size_t i = 0; i < languages.size(); ++i) {
        const int q = weight[i] >= 0 ? weight[i] : others;
        if (q > most) most = q, best = i;
    }
    return best < languages.size() ? languages[best] : std::string();
}

std::string negotiate(const http::Request& request, const std::vector<std::string>& languages) {
    if (const auto chosen = request.cookie(language_cookie)) {
        if (std::find(languages.begin(), languages.end(), *chosen) != languages.end())
            return std::string(*chosen);
    }
    auto accepted = accepted_language(request.field("accept-language"), languages);
    if (!accepted.empty()) return accepted;
    return languages.empty() ? "es" : languages.front();
}

}  // namespace kernel::web
