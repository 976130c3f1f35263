#include "kernel/web/page_cache.hpp"

#include "kernel/base/files.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace kernel;
using namespace kernel::web;
using namespace std::chrono_literals;

namespace {

class StillClock final : public base::Clock {
public:
    base::TimePoint now() const override { return now_; }
    base::TimePoint now_ = *base::parse_utc("2026-03-02T09:00:00Z");
};

http::Response page(const std::string& text) {
    http::Response response(200, "text/html; charset=utf-8", text);
    return response;
}

http::Request get(std::vector<http::Field> fields = {}) {
    http::Request request;
    request.method = "GET";
    request.fields = std::move(fields);
    return request;
}

std::string text_of(const std::optional<http::Response>& response) {
    if (!response) return "-";
    const auto* shared = std::get_if<http::SharedText>(&response->body);
    return shared ? **shared : std::get<std::string>(response->body);
}

struct Kept {
    StillClock clock;
    PageCache cache{clock, 1u << 20, 3};
    PageKey key{"t1", "es", "/es/tablon", ""};
    void keep(const PageKey& where, const std::string& text, base::TimePoint until) {
        cache.store(where, cache.begin(where.tenant), page(text), until);
    }
    void keep(const std::string& text) { keep(key, text, clock.now() + 1h); }
};

}  // namespace

TEST_CASE("a kept page is the same for everybody who asks the same") {
    Kept w;
    CHECK_FALSE(w.cache.find(w.key, get()));
    w.keep("uno");
    CHECK(text_of(w.cache.find(w.key, get())) == "uno");
    for (const PageKey& other :
         {PageKey{"t2", "es", "/es/tablon", ""}, PageKey{"t1", "ca", "/es/tablon", ""},
          PageKey{"t1", "es", "/es/tablon", "p=2"}, PageKey{"t1", "es", "/es/otro", ""}})
        CHECK_FALSE(w.cache.find(other, get()));
}

TEST_CASE("a page that was begun before a change is not kept") {
    Kept w;
    const auto before = w.cache.begin("t1");
    w.cache.drop("t1");
    w.cache.store(w.key, before, page("viejo"), w.clock.now() + 1h);
    CHECK(w.cache.pages() == 0);
    const auto before_all = w.cache.begin("t1");
    w.cache.drop_all();
    w.cache.store(w.key, before_all, page("viejo"), w.clock.now() + 1h);
    CHECK(w.cache.pages() == 0);
    w.keep("nuevo");
    CHECK(text_of(w.cache.find(w.key, get())) == "nuevo");
}

TEST_CASE("a change of one municipality leaves the others' pages") {
    Kept w;
    w.keep("uno");
    w.keep({"t2", "es", "/es/tablon", ""}, "dos", w.clock.now() + 1h);
    w.cache.drop("t1");
    CHECK_FALSE(w.cache.find(w.key, get()));
    CHECK(text_of(w.cache.find({"t2", "es", "/es/tablon", ""}, get())) == "dos");
    w.cache.drop_all();
    CHECK(w.cache.pages() == 0);
    CHECK(w.cache.bytes() == 0);
}

TEST_CASE("a page ends when time alone changes it") {
    Kept w;
    w.keep(w.key, "hoy", w.clock.now() + 10s);
    w.clock.now_ += 9s;
    CHECK(w.cache.find(w.key, get()));
    w.clock.now_ += 1s;
    CHECK_FALSE(w.cache.find(w.key, get()));
}

TEST_CASE("the tag is of the content: the same text has the same, and who has it is told so") {
    Kept w;
    w.keep("uno");
    const auto first = w.cache.find(w.key, get());
    const std::string tag(first->field("ETag"));
    CHECK(tag.size() > 10);
    CHECK(tag.front() == '"');
    const auto again = w.cache.find(w.key, get({{"If-None-Match", tag}}));
    CHECK(again->status == 304);
    CHECK(again->field("ETag") == tag);
    w.cache.drop("t1");
    w.keep("uno");
    CHECK(w.cache.find(w.key, get())->field("ETag") == tag);
    w.keep("dos");
    CHECK(w.cache.find(w.key, get())->field("ETag") != tag);
    CHECK(w.cache.find(w.key, get({{"If-None-Match", tag}}))->status == 200);
}

TEST_CASE("each coding that somebody takes is kept ready, with a tag of its own") {
    Kept w;
    const std::string text(10'000, 'a');
    w.keep(text);
    const auto bytes = w.cache.bytes();
    const auto in_gzip = get({{"Accept-Encoding", "gzip"}}),
               in_brotli = get({{"Accept-Encoding", "gzip, br"}});
    for (const auto* request : {&in_gzip, &in_brotli}) {
        CHECK_FALSE(w.cache.find(w.key, *request));  // nobody has taken it so: an edge thread leaves it
        REQUIRE(w.cache.find(w.key, *request, PageCache::Missing::make));
    }
    CHECK(w.cache.bytes() > bytes);
    const auto plain = w.cache.find(w.key, get()), gz = w.cache.find(w.key, in_gzip),
               br = w.cache.find(w.key, in_brotli);
    CHECK(text_of(plain) == text);
    CHECK(gz->field("Content-Encoding") == "gzip");
    CHECK(br->field("Content-Encoding") == "br");
    CHECK(text_of(gz).size() < 200);
    CHECK(plain->field("ETag") != gz->field("ETag"));
    CHECK(br->field("ETag") != gz->field("ETag"));
    w.cache.drop("t1");
    CHECK(w.cache.bytes() == 0);
    w.keep("uno");  // too small to be worth it
    CHECK(w.cache.find(w.key, in_brotli)->field("Content-Encoding").empty());
}

TEST_CASE("what is one visitor's own is not kept") {
    Kept w;
    auto with_cookie = page("suyo");
    with_cookie.add("Set-Cookie", "a=b");
    http::Response missing(404, "text/html", std::string("no"));
    for (const auto* response : {&with_cookie, &missing})
        w.cache.store(w.key, w.cache.begin("t1"), *response, w.clock.now() + 1h);
    CHECK(w.cache.pages() == 0);
}

TEST_CASE("a path has room for few queries, and memory for few pages: the last used stay") {
    Kept w;
    for (int i = 0; i < 20; ++i)
        w.keep({"t1", "es", "/es/tablon", "p=" + std::to_string(i)}, "x", w.clock.now() + 1h);
    CHECK(w.cache.pages() == 3);
    w.keep({"t1", "es", "/es/tablon", "p=0"}, "y", w.clock.now() + 1h);  // a known one is renewed
    CHECK(text_of(w.cache.find({"t1", "es", "/es/tablon", "p=0"}, get())) == "y");

    PageCache small(w.clock, 64 << 10);
    std::string noise;
    for (unsigned i = 0, x = 1; i < 2'000; ++i)
        noise += static_cast<char>(32 + ((x = x * 1664525u + 1013904223u) >> 25));
    const auto keep = [&](const std::string& path) {
        small.store({"t", "es", path, ""}, small.begin("t"), page(noise), w.clock.now() + 1h);
    };
    keep("/first");
    for (int i = 0; i < 50; ++i) {
        keep("/p" + std::to_string(i));
        REQUIRE(small.find({"t", "es", "/first", ""}, get()));
        REQUIRE(small.bytes() <= (64 << 10));
    }
    CHECK_FALSE(small.find({"t", "es", "/p0", ""}, get()));
}

TEST_CASE("nobody sees a page from before a change that was already told") {
    Kept w;
    std::atomic<int> version{0};
    std::atomic<bool> stop{false};
    std::thread renderer([&] {
        while (!stop) {
            const auto ticket = w.cache.begin("t1");
            const int seen = version;
            w.cache.store(w.key, ticket, page(std::to_string(seen)), w.clock.now() + 1h);
        }
    });
    for (int i = 1; i <= 2'000; ++i) {
        version = i;         // the commit
        w.cache.drop("t1");  // its notice
        const auto found = w.cache.find(w.key, get());
        if (found && text_of(found) != std::to_string(i)) {
            stop = true;
            renderer.join();
            FAIL("version " << text_of(found) << " after " << i);
        }
    }
    stop = true;
    renderer.join();
}

TEST_CASE("what one worker carried out, the other's cache has no more") {
    const base::TempDir folder("cache");
    const StillClock clock;
    PageCache one(clock, 1 << 20, 64, folder.path() / "paginas"),
        other(clock, 1 << 20, 64, folder.path() / "paginas");
    const PageKey key{"t1", "es", "/es/tablon", ""};
    const auto later = clock.now() + 1h;
    other.store(key, other.begin("t1"), page("antes"), later);
    other.store({"t2", "es", "/es/", ""}, other.begin("t2"), page("de otro"), later);
    REQUIRE(other.find(key, get()));
    const auto begun_before = other.begin("t1");
    one.changed("t1");
    CHECK_FALSE(other.find(key, get()));
    CHECK(other.find({"t2", "es", "/es/", ""}, get()));
    other.store(key, begun_before, page("antes"), later);
    CHECK_FALSE(other.find(key, get()));
    other.store(key, other.begin("t1"), page("después"), later);
    CHECK(other.find(key, get()));
}
