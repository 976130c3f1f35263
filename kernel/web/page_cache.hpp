// Pages of anonymous visitors, kept until their municipality changes something. One per worker; thread-safe,
// and quick enough for edge threads.
#pragma once

#include "kernel/base/clock.hpp"
#include "kernel/http/message.hpp"
#include "kernel/web/page_changes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kernel::web {

struct PageKey {
    std::string tenant;  ///< id
    std::string language;
    std::string path;   ///< raw
    std::string query;  ///< raw, without trackers
};

class PageCache {
public:
    /// `changes`: a file that all workers of the node share, through which they learn at once of changed().
    explicit PageCache(const base::Clock& clock, std::size_t most_bytes = 64u << 20,
                       std::size_t most_queries = 64, const std::filesystem::path& changes = {})
        : clock_(clock), most_bytes_(most_bytes), most_queries_(most_queries), changes_(changes) {}

    /// Before a page is rendered: what its tenant's pages are at this moment.
    struct Ticket {
        std::uint64_t tenant = 0, all = 0, changes = 0;
    };
    Ticket begin(std::string_view tenant) const;

    /// Kept unless the tenant's pages changed since `ticket`, the page is no plain 200 in memory, it sets a
    /// cookie, or the path has too many queries already. `until`: time alone changes it then.
    void store(const PageKey& key, const Ticket& ticket, const http::Response& page, base::TimePoint until);

    enum class Missing : bool { leave, make };
    /// 200 or 304 in the coding that the client takes. One that nobody has taken of this page before is made
    /// and kept, or there is no answer: edge threads leave it to the others.
    std::optional<http::Response> find(const PageKey& key, const http::Request& request,
                                       Missing coding = Missing::leave);

    /// What was committed here stands for whoever asks next, whichever worker of this node answers. Other
    /// nodes hear of it by NOTIFY, which ends in drop().
    void changed(std::string_view tenant);
    void drop(std::string_view tenant);
    void drop_all();

    std::size_t bytes() const;
    std::size_t pages() const;

private:
    /// The page in one coding, ready to be sent: what is given out points into it.
    struct Coded {
        std::string text, etag;
        http::ReadyFields fields;
    };
    using SharedCoded = std::shared_ptr<const Coded>;
    enum Coding : std::uint8_t { plain, gzip, brotli };
    struct Page {
        std::string name, tenant, path_name;
        /// By Coding; null: not made yet; the plain one where it would not be smaller.
        std::array<SharedCoded, 3> coded;
        base::TimePoint until;
        std::uint64_t changes = 0;
        std::size_t bytes = 0;
    };
    using Pages = std::list<Page>;  ///< the last used first

    static SharedCoded ready(std::vector<http::Field> fields, std::string text, std::string etag);
    static SharedCoded compressed(const SharedCoded& whole, Coding);

    void keep(const std::string& name, const SharedCoded& whole, Coding, const SharedCoded& made);
    void forget(Pages::iterator page);
    void make_room();

    const base::Clock& clock_;
    const std::size_t most_bytes_, most_queries_;
    mutable std::mutex mutex_;
    Pages pages_;
    std::unordered_map<std::string, Pages::iterator> by_name_;
    std::unordered_map<std::string, std::size_t> queries_;  ///< pages kept of one path
    std::map<std::string, std::uint64_t, std::less<>> generation_;
    std::uint64_t all_ = 0;
    PageChanges changes_;
    std::size_t bytes_ = 0;
};

}  // namespace kernel::web
