#include "kernel/http/router.hpp"

#include <fmt/format.h>
#include <pistache/peer.h>
#include <pistache/router.h>
#include <pistache/transport.h>

#include <algorithm>
#include <map>
#include <set>

#include "concejo/error.hpp"
#include "kernel/http/pattern.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

namespace Http = Pistache::Http;
namespace Rest = Pistache::Rest;

constexpr std::size_t longest_path = 8 * 1024;  // of the canonical text; its regular expressions recurse
constexpr std::size_t most_segments = 128;

class Ignore : public Http::Handler {
public:
    HTTP_PROTOTYPE(Ignore)
    void onRequest(const Http::Request&, Http::ResponseWriter) override {}
};

/// The routes of one method, in Pistache's tree. Its "*" takes exactly one segment; ours takes the rest of
/// the path, so patterns that end in "*" stand in a tree for each depth, and there the rest is fed as one
/// segment.
class MethodRoutes {
public:
    void add(const Pattern& pattern, std::size_t index) {
        std::string text;
        for (const auto& segment : pattern.segments) {
            if (segment.kind == Pattern::Kind::fixed) text += "/" + percent_encoded(segment.text);
            if (segment.kind == Pattern::Kind::param) text += "/:" + segment.text;
            if (segment.kind == Pattern::Kind::rest) text += "/*";
        }
        auto& router = pattern.ends_in_rest() ? by_depth_[pattern.segments.size() - 1] : exact_;
        if (text.empty()) {
            root_ = index;  // Pistache has no route for the empty path
            return;
        }
        router.get(text, [index](const Rest::Request&, Http::ResponseWriter) {
            matched = index;
            return Rest::Route::Result::Ok;
        });
        router.addNotFoundHandler(
            [](const Rest::Request&, Http::ResponseWriter) { return Rest::Route::Result::Ok; });
        any_exact_ |= !pattern.ends_in_rest();
    }

    /// The index of the route that matches, or `none`.
    std::size_t find(const std::vector<std::string_view>& segments) {
        if (segments.empty()) return root_;
        if (any_exact_)
            if (auto index = ask(exact_, segments, segments.size()); index != none) return index;
        for (auto at = by_depth_.rbegin(); at != by_depth_.rend(); ++at)
            if (at->first < segments.size())
                if (auto index = ask(at->second, segments, at->first); index != none) return index;
        return none;
    }

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

private:
    /// `whole` segments stand alone, the others are joined (their slashes encoded) into one more.
    static std::size_t ask(Rest::Router& router, const std::vector<std::string_view>& segments,
                           std::size_t whole) {
        std::string text = "GET ";
        for (std::size_t i = 0; i < segments.size(); ++i) {
            text += i <= whole ? "/" : "%2F";
            text += percent_encoded(segments[i]);
        }
        text += " HTTP/1.1\r\nHost: kernel\r\n\r\n";
        if (text.size() > longest_path) return none;
        Http::RequestParser parser(longest_path * 2);
        if (!parser.feed(text.data(), text.size()) || parser.parse() != Http::Private::State::Done)
            return none;
        static const auto handler = std::make_shared<Ignore>();
        thread_local Pistache::Tcp::Transport transport(handler);
        matched = none;
        router.route(parser.request, Http::ResponseWriter(Http::Version::Http11, &transport, handler.get(),
                                                          std::weak_ptr<Pistache::Tcp::Peer>()));
        return matched;
    }

    static thread_local std::size_t matched;
    Rest::Router exact_;
    std::map<std::size_t, Rest::Router> by_depth_;
    std::size_t root_ = none;
    bool any_exact_ = false;
};

thread_local std::size_t MethodRoutes::matched = MethodRoutes::none;

struct Entry {
    std::string method, text, owner;
    Pattern pattern;
    std::size_t route_id;
};

std::string named(const Entry& entry) {
    return fmt::format("{} {} (route {}{}{})", entry.method, entry.text, entry.route_id,
                       entry.owner.empty() ? "" : " of ", entry.owner);
}

}  // namespace

struct Router::Impl {
    std::vector<Entry> entries;
    std::map<std::string, MethodRoutes, std::less<>> methods;

    const Entry* find(std::string_view method, const std::vector<std::string_view>& segments) {
        auto routes = methods.find(method);
        if (routes == methods.end()) return nullptr;
        auto index = routes->second.find(segments);
        return index == MethodRoutes::none ? nullptr : &entries[index];
    }
};

Router::Router() : impl_(std::make_unique<Impl>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

std::string_view Router::Match::param(std::string_view name) const {
    for (const auto& p : params)
        if (p.name == name) return p.value;
    return {};
}

void Router::add(std::string method, std::string pattern, std::size_t route_id, std::string owner) {
    static const std::set<std::string_view> known = {"GET",   "HEAD",   "POST",   "PUT",
                                                     "PATCH", "DELETE", "OPTIONS"};
    if (!known.contains(method))
        throw concejo::Error(concejo::ErrorKind::invalid,
                             fmt::format("route {} {}: unknown method", method, pattern));
    auto parsed = Pattern::parse(pattern);
    Entry entry{std::move(method), std::move(pattern), std::move(owner), std::move(parsed), route_id};
    for (const auto& other : impl_->entries) {
        if (other.method != entry.method) continue;
        bool clash = other.owner == entry.owner ? other.pattern.same_shape(entry.pattern)
                                                : other.pattern.overlaps(entry.pattern);
        if (clash)
            throw concejo::Error(concejo::ErrorKind::conflict,
                                 fmt::format("{} and {} match the same path: change one of the two",
                                             named(other), named(entry)));
    }
    impl_->methods[entry.method].add(entry.pattern, impl_->entries.size());
    impl_->entries.push_back(std::move(entry));
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
    Match out;
    auto segments = path_segments(path);
    if (segments.size() > most_segments || path.size() > longest_path) return out;
    const auto* entry = impl_->find(method, segments);
    if (!entry && method == "HEAD") entry = impl_->find("GET", segments);
    if (entry) {
        out.kind = Match::Kind::found;
        out.route_id = entry->route_id;
        for (std::size_t i = 0; i < entry->pattern.segments.size(); ++i) {
            const auto& segment = entry->pattern.segments[i];
            if (segment.kind == Pattern::Kind::param)
                out.params.push_back({segment.text, std::string(segments[i])});
            if (segment.kind == Pattern::Kind::rest) {
                auto from = static_cast<std::size_t>(segments[i].data() - path.data());
                out.params.push_back({"*", std::string(path.substr(from))});
            }
        }
        return out;
    }
    for (auto& [other, routes] : impl_->methods)
        if (other != method && routes.find(segments) != MethodRoutes::none) out.allowed.push_back(other);
    if (std::find(out.allowed.begin(), out.allowed.end(), "GET") != out.allowed.end() &&
        std::find(out.allowed.begin(), out.allowed.end(), "HEAD") == out.allowed.end())
        out.allowed.push_back("HEAD");
    std::sort(out.allowed.begin(), out.allowed.end());
    if (!out.allowed.empty()) out.kind = Match::Kind::method_not_allowed;
    return out;
}

}  // namespace kernel::http
