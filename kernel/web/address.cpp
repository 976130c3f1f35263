#include "kernel/web/address.hpp"

#include "kernel/base/text.hpp"
#include "kernel/i18n/catalogs.hpp"

#include <algorithm>
#include <array>

namespace kernel::web {

using plugins::RouteKind;

namespace {

bool begins_with_segment(std::string_view path, std::string_view segment) {
    return path.starts_with(segment) && (path.size() == segment.size() || path[segment.size()] == '/');
}

std::string or_root(std::string_view rest) { return rest.empty() ? "/" : std::string(rest); }

}  // namespace

Address read_address(std::string_view path, const std::vector<std::string>& languages) {
    Address address;
    while (path.starts_with("//")) path.remove_prefix(1);
    if (path == "/" || path.empty()) {
        address.root = true;
        return address;
    }
    const auto first = path.substr(1, path.find('/', 1) - 1);
    if (std::find(languages.begin(), languages.end(), first) != languages.end()) {
        address.language = first;
        path.remove_prefix(1 + first.size());
        address.kind = RouteKind::page;
        if (begins_with_segment(path, "/gestion")) {
            address.kind = RouteKind::staff;
            path.remove_prefix(8);
        }
        address.rest = or_root(path);
        return address;
    }
    address.foreign = i18n::is_language(first);
    if (begins_with_segment(path, "/api")) {
        address.kind = RouteKind::api;
        path.remove_prefix(4);
    }
    address.rest = or_root(path);
    return address;
}

std::string write_address(RouteKind kind, std::string_view language, std::string_view rest) {
    std::string out;
    if (kind == RouteKind::page || kind == RouteKind::staff) out = "/" + std::string(language);
    if (kind == RouteKind::staff) out += "/gestion";
    if (kind == RouteKind::api) out += "/api";
    if (rest != "/" || kind == RouteKind::page || out.empty()) out += rest;
    return out;
}

std::optional<std::string> canonical_target(const Address& address, std::string_view target) {
    if (address.root || !target.starts_with('/')) return std::nullopt;
    const auto mark = target.find('?');
    const auto raw = target.substr(0, mark);
    std::string path;
    for (const char c : raw) {
        if (c != '/' || path.empty() || path.back() != '/') path += c;
    }
    const bool home = address.kind == RouteKind::page && address.rest == "/";
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (home) path += '/';
    if (path == raw) return std::nullopt;
    return path + std::string(mark == target.npos ? std::string_view() : target.substr(mark));
}

std::string without_trackers(std::string_view query) {
    static constexpr std::array<std::string_view, 8> names = {"gclid", "fbclid", "msclkid", "dclid",
                                                              "yclid", "_ga",    "mc_cid",  "mc_eid"};
    std::string kept;
    if (query.empty()) return kept;
    for (const auto pair : base::split(query, '&')) {
        const auto name = pair.substr(0, pair.find('='));
        if (name.empty() || name.starts_with("utm_") ||
            std::find(names.begin(), names.end(), name) != names.end())
            continue;
        if (!kept.empty()) kept += '&';
        kept += pair;
    }
    return kept;
}

// Only what the router itself can mean: no other host ("//x", "/\x"), no scheme, nothing that a browser would
// rewrite.
std::optional<std::string> safe_return(std::string_view path, const std::vector<std::string>& languages) {
    if (path.size() > 1'000 || !path.starts_with('/') || path.starts_with("//")) return std::nullopt;
    for (const char c : path) {
        if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7f || c == '\\' ||
            c == '#')
            return std::nullopt;
    }
    const auto only_path = path.substr(0, path.find('?'));
    if (only_path.find("..") != only_path.npos || only_path.find("//") != only_path.npos) return std::nullopt;
    if (read_address(only_path, languages).language.empty()) return std::nullopt;
    return std::string(path);
}

}  // namespace kernel::web
