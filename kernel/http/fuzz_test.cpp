// Random changes to real messages: whatever comes, cuts do not matter and nothing crashes (run under
// ASan/UBSan). CONCEJO_FUZZ_SECONDS lengthens it; the default stays within a few seconds.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "kernel/http/compression.hpp"
#include "kernel/http/feed_for_tests.hpp"
#include "kernel/http/pattern.hpp"
#include "kernel/http/range.hpp"
#include "kernel/http/text.hpp"

using namespace kernel::http;
using kernel::http::testing::Feed;
using kernel::http::testing::Folder;
using kernel::http::testing::read_cut;

namespace {

const std::vector<std::string> seeds = {
    "GET /hello?x=1&y=%20 HTTP/1.1\r\nHost: a:80\r\nConnection: keep-alive\r\nCookie: a=b; c=d\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    "POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: v\r\n\r\n",
    "POST /f HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
    "11\r\n\r\na=1&b=%C3%B1",
    "OPTIONS * HTTP/1.0\r\n\r\nGET http://b/c HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /m HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\"x\"\r\nContent-Length: "
    "128\r\n\r\n"
    "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b.txt\"\r\nContent-Type: "
    "a/b\r\n\r\n\r\n--\r\n--y\r\n--x--\r\n"};

const std::vector<std::string> tokens = {"\r\n",
                                         "\r",
                                         "\n",
                                         std::string(1, '\0'),
                                         ":",
                                         " ",
                                         "\t",
                                         "%",
                                         "%00",
                                         "%2e%2e",
                                         "-1",
                                         "99999999999999999999",
                                         "0x10",
                                         ";",
                                         "=",
                                         "&",
                                         "?",
                                         ",",
                                         "chunked",
                                         "Content-Length: 7\r\n",
                                         "Transfer-Encoding: chunked\r\n",
                                         "Host:\r\n",
                                         "--x",
                                         "--x--",
                                         "\"",
                                         "\xff",
                                         "\xc0\xae",
                                         std::string(300, 'A'),
                                         "0\r\n\r\n",
                                         "ffffffff\r\n",
                                         "/../",
                                         "//",
                                         "*",
                                         "boundary=",
                                         "filename="};

class Mutator {
public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    std::string next() {
        auto text = seeds[below(seeds.size())];
        for (auto changes = 1 + below(5); changes > 0; --changes) {
            auto at = below(text.size() + 1);
            switch (below(4)) {
                case 0:
                    text.insert(at, tokens[below(tokens.size())]);
                    break;
                case 1:
                    if (at < text.size()) text[at] = static_cast<char>(below(256));
                    break;
                case 2:
                    text.erase(at, 1 + below(6));
                    break;
                default: {
                    const auto& other = seeds[below(seeds.size())];
                    text.insert(at, other.substr(below(other.size()), below(40)));
                }
            }
            if (text.empty()) text = "x";
        }
        return text;
    }

private:
    std::mt19937 random_;
};

}  // namespace

TEST_CASE("mutated messages are understood or refused alike, wherever they are cut") {
    const char* longer = std::getenv("CONCEJO_FUZZ_SECONDS");
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(longer ? std::atol(longer) : 10);
    Folder folder;
    Limits limits;
    limits.field_count = 12;
    limits.line_size = 250;
    limits.head_size = 500;
    const BodyPlan plans[] = {{200, false, {}}, {200, true, folder.path()}};
    Mutator mutator(20261123);
    std::size_t runs = 0, understood = 0;
    while (std::chrono::steady_clock::now() < end) {
        for (int i = 0; i < 200; ++i, ++runs) {
            const auto text = mutator.next();
            const std::string_view view = text;
            const auto& plan = plans[runs % 8 == 0];
            auto a = mutator.below(text.size() + 1), b = mutator.below(text.size() + 1);
            if (a > b) std::swap(a, b);
            const auto whole = read_cut(limits, plan, {view});
            const auto cut =
                read_cut(limits, plan, {view.substr(0, a), view.substr(a, b - a), view.substr(b)});
            if (whole != cut)
                FAIL("cut at " << a << " and " << b << ": " << text << "\nwhole: " << whole
                               << "\ncut: " << cut);
            understood += whole.find("refused") == whole.npos;

            // What handlers and helpers do with the pieces of a message must bear anything too.
            Request request;
            request.method = "GET";
            request.fields = {
                {"Cookie", text}, {"Range", text}, {"Accept-Encoding", text}, {"If-None-Match", text}};
            (void)request.cookie("a");
            (void)accepted_encodings(request);
            (void)none_match_lists(request, "x");
            auto range = parse_range(text, 100);
            REQUIRE(range.offset + range.length <= 100);
            REQUIRE(is_utf8(repaired_utf8(text)));
        }
    }
    CHECK(folder.files() == 0);
    CHECK(understood > 0);
    std::cout << "mutated messages: " << runs << ", understood " << understood << "\n";
}

TEST_CASE("mutated ranges stay inside the file") {
    Mutator mutator(7);
    const std::string alphabet = "0123456789-=,bytes ";
    for (int i = 0; i < 100'000; ++i) {
        std::string text = "bytes=";
        for (auto n = mutator.below(12); n > 0; --n) text += alphabet[mutator.below(alphabet.size())];
        auto size = mutator.below(20);
        auto range = parse_range(text, size);
        REQUIRE(range.offset + range.length <= size);
    }
}
