#include "accept.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <tuple>

namespace open_data {
namespace {

/// "text/*;q=0.5", without parameters but its weight.
struct MediaRange {
    std::string type;
    double weight = 1;
};

std::string_view without_blanks(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    return from == text.npos ? std::string_view()
                             : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

/// The piece of `text` before the next `end`, which is taken from it.
std::string_view next_piece(std::string_view& text, char end) {
    const auto at = text.find(end);
    const auto piece = without_blanks(text.substr(0, at));
    text = at == text.npos ? std::string_view() : text.substr(at + 1);
    return piece;
}

MediaRange media_range(std::string_view text) {
    MediaRange range{std::string(next_piece(text, ';')), 1};
    for (auto& c : range.type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    while (!text.empty()) {
        const auto parameter = next_piece(text, ';');
        if (parameter.starts_with("q=") || parameter.starts_with("Q="))
            range.weight =
                std::clamp(std::strtod(std::string(parameter.substr(2)).c_str(), nullptr), 0.0, 1.0);
    }
    return range;
}

/// 3 for the type itself, 2 for its family, 1 for anything; 0: it does not speak of it.
int names(const MediaRange& range, std::string_view type) {
    if (range.type == type) return 3;
    if (range.type == "*/*") return 1;
    return range.type.ends_with("/*") && type.starts_with(range.type.substr(0, range.type.size() - 1)) ? 2
                                                                                                       : 0;
}

}  // namespace

std::size_t preferred(std::string_view accept, const std::vector<std::string_view>& offered) {
    std::vector<MediaRange> ranges;
    while (!accept.empty()) ranges.push_back(media_range(next_piece(accept, ',')));
    std::size_t best = 0;
    std::pair<double, long> most{0, 0};  // weight; the sooner it is written, the larger
    for (std::size_t i = 0; i < offered.size(); ++i) {
        int closest = 0;
        std::pair<double, long> found{0, 0};
        for (std::size_t at = 0; at < ranges.size(); ++at)
            if (const auto close = names(ranges[at], offered[i]); close > closest)
                closest = close, found = {ranges[at].weight, -static_cast<long>(at)};
        if (found.first > 0 && (most.first == 0 || found > most)) most = found, best = i;
    }
    return best;
}

}  // namespace open_data
