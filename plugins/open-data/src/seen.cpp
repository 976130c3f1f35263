#include "seen.hpp"

#include <concejo/text.hpp>

#include <algorithm>

namespace open_data {
namespace {

constexpr std::size_t label_shown = 300;  // bytes

/// FNV-1a: who sends a false one loses his own words.
std::string mark_of(std::string_view text) {
    std::uint32_t sum = 2166136261U;
    for (const char c : text)
        if (c != '\r') sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
    std::string out;
    for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789abcdef"[(sum >> shift) & 15U];
    return out;
}

/// As text areas send them.
std::string one_way(std::string text) {
    std::erase(text, '\r');
    return text;
}

std::string in_guillemets(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& one : names) all += (all.empty() ? "«" : ", «") + one + "»";
    return all;
}

std::vector<std::string> not_among(const std::vector<std::string>& these,
                                   const std::vector<std::string>& others) {
    std::vector<std::string> left;
    for (const auto& one : these)
        if (std::find(others.begin(), others.end(), one) == others.end()) left.push_back(one);
    return left;
}

Json parsed_form(const std::string& text) {
    try {
        return Json::parse(text);
    } catch (const concejo::Error&) {
        return {};
    }
}

}  // namespace

Seen::Seen(const concejo::Request& request, bool mine)
    : request_(request), mine_(mine), sent_(mine && request.form("visto").has_value()) {
    if (sent_) before_ = parsed_form(*request.form("visto"));
    if (!before_.is_object()) before_ = Json::object();
}

std::string Seen::settle(const std::string& key, const std::string& field, const std::string& stored,
                         const std::string& label) {
    next_["fields"][field] = mark_of(stored);
    auto& settled = settled_[field] = stored;
    const auto typed = mine_ ? request_.form(key) : std::nullopt;
    if (!typed) return settled;
    const auto mark = before_["fields"].is_object() ? before_["fields"].string_or(key, "") : std::string();
    const bool changed_there = !mark.empty() && mark != mark_of(stored),
               changed_here = mark.empty() || mark != mark_of(*typed);
    if (!changed_here || one_way(*typed) == one_way(stored)) return settled;
    if (changed_there)
        clashes_.push_back(
            {field,
             stored.empty()
                 ? request_.tr("Otra persona lo dejó vacío mientras tanto. Si guarda, queda lo suyo.")
                 : concejo::fill(request_.tr("Otra persona guardó mientras tanto: «{texto}». Si guarda, "
                                             "queda lo suyo."),
                                 {{"texto", cut(label, label_shown)}})});
    return settled = *typed;
}

std::string Seen::value(const std::string& field, const std::string& stored, const std::string& label) {
    return settle(field, field, stored, label);
}

std::string Seen::settled(const std::string& field) const {
    const auto found = settled_.find(field);
    return found == settled_.end() ? request_.form(field).value_or("") : found->second;
}

std::vector<std::string> Seen::columns_of(const Json& form) const {
    std::vector<std::string> names;
    if (form["columns"].is_array())
        for (const auto& one : form["columns"].as_array())
            if (one.is_string()) names.push_back(one.as_string());
    return names;
}

void Seen::about(const Resource& resource) {
    next_["version"] = resource.version;
    Json names = Json::array();
    if (resource.columns.is_array())
        for (const auto& one : resource.columns.as_array()) names.push_back(one.string_or("name", ""));
    next_["columns"] = std::move(names);
    moved_ = sent_ && before_.int_or("version", -1) != resource.version;
}

std::string Seen::column(const std::string& prefix, std::size_t n, const std::string& stored) {
    const auto now = columns_of(next_), then = columns_of(before_);
    const auto at = std::find(then.begin(), then.end(), now.at(n));
    const auto field = prefix + std::to_string(n);
    if (sent_ && at == then.end()) {
        next_["fields"][field] = mark_of(stored);
        return settled_[field] = stored;
    }
    const auto place = sent_ ? static_cast<std::size_t>(at - then.begin()) : n;
    return settle(prefix + std::to_string(place), field, stored, stored);
}

std::string Seen::moved_text() const {
    if (!moved_) return {};
    auto text = request_.tr(
        "El archivo de este recurso cambió mientras tanto: revise las columnas de ahora y guarde otra vez. Lo que "
        "escribió está en ellas.");
    const auto now = columns_of(next_), then = columns_of(before_);
    if (const auto left = not_among(then, now); !left.empty())
        text +=
            " " + concejo::fill(request_.tr("Ya no están: {columnas}."), {{"columnas", in_guillemets(left)}});
    if (const auto fresh = not_among(now, then); !fresh.empty())
        text +=
            " " + concejo::fill(request_.tr("Son nuevas: {columnas}."), {{"columnas", in_guillemets(fresh)}});
    return text;
}

Json Seen::gone(const std::vector<std::string>& prefixes) const {
    Json list = Json::array();
    const auto now = columns_of(next_), then = columns_of(before_);
    for (std::size_t n = 0; n < then.size(); ++n) {
        if (std::find(now.begin(), now.end(), then[n]) != now.end()) continue;
        std::string texts;
        for (const auto& prefix : prefixes)
            if (const auto typed = request_.form(prefix + std::to_string(n)).value_or(""); !typed.empty())
                texts += (texts.empty() ? "" : " · ") + typed;
        if (!texts.empty()) list.push_back(Json::object({{"name", then[n]}, {"texts", texts}}));
    }
    return list;
}

}  // namespace open_data
