// The bucket against a scripted server; a real one is in tests/uploads.
#include "kernel/blobs/s3_bucket.hpp"
#include "kernel/base/files.hpp"
#include "kernel/blobs/s3_answers.hpp"
#include "tests/support/refusal.hpp"

#include <concejo/error.hpp>

#include <catch2/catch.hpp>

#include <deque>
#include <fstream>
#include <random>

namespace kernel::blobs {
namespace {

using concejo::ErrorKind;
using tests::kind_of;

struct Scripted final : S3Transport {
    std::deque<S3Answer> answers;
    std::vector<std::string> asked;
    int silent = 0;  ///< requests that get no answer first
    std::string name = "127.0.0.1:9";

    const std::string& host() const noexcept override { return name; }
    S3Answer ask(const std::string& method, const std::string& target, const S3Pairs& fields,
                 std::string_view body, std::size_t) override {
        asked.push_back(method + " " + target + " " + std::to_string(body.size()));
        bool is_signed = false;
        for (const auto& [field, value] : fields) is_signed = is_signed || field == "Authorization";
        CHECK(is_signed);
        if (silent-- > 0) throw concejo::Error(ErrorKind::unavailable, "nothing came");
        REQUIRE_FALSE(answers.empty());
        auto answer = answers.front();
        answers.pop_front();
        return answer;
    }
};

struct Desk {
    Scripted* server = new Scripted;
    S3Bucket bucket{options(), std::unique_ptr<S3Transport>(server)};
    static S3Options options() {
        S3Options options;
        options.bucket = "b";
        options.who = {"id", "secret", "us-east-1"};
        options.part_bytes = 10;
        options.pause = std::chrono::milliseconds(1);
        return options;
    }
    void will_say(int status, std::string body = {}, S3Pairs fields = {}) {
        server->answers.push_back({status, std::move(fields), std::move(body)});
    }
};

TEST_CASE("what may pass is asked again, and nothing else") {
    Desk desk;
    desk.server->silent = 1;
    desk.will_say(503);
    desk.will_say(500);
    desk.will_say(206, "hola");
    CHECK(desk.bucket.read("a/b", 4, 4) == "hola");
    CHECK(desk.server->asked == std::vector<std::string>(4, "GET /b/a/b 0"));
    for (int i = 0; i < 4; ++i) desk.will_say(503);
    CHECK(kind_of([&] { desk.bucket.put("x", "y"); }) == ErrorKind::unavailable);
    CHECK(desk.server->answers.empty());
    desk.will_say(403, "<Error><Code>SignatureDoesNotMatch</Code></Error>");
    CHECK(kind_of([&] { desk.bucket.put("x", "y"); }) == ErrorKind::internal);
    desk.will_say(404, "<Error><Code>NoSuchKey</Code></Error>");
    CHECK(kind_of([&] { desk.bucket.read("x", 0, 1); }) == ErrorKind::not_found);
    desk.will_say(200, "all of it, though a part was asked for");
    CHECK(kind_of([&] { desk.bucket.read("x", 0, 1); }) == ErrorKind::internal);
    desk.will_say(416);
    CHECK(desk.bucket.read("x", 100, 1).empty());
    desk.will_say(404);
    CHECK_FALSE(desk.bucket.size("x"));
    desk.will_say(200, {}, {{"Content-Length", "123"}});
    CHECK(desk.bucket.size("x") == 123u);
    desk.will_say(204);
    desk.bucket.remove("x");
    CHECK(desk.server->answers.empty());
}

TEST_CASE("a large file goes in parts, and is given up where one fails") {
    Desk desk;
    const base::TempDir dir;
    const auto path = dir.path() / "f";
    std::ofstream(path) << std::string(25, 'x');
    desk.will_say(200, "<R><UploadId>a&amp;b</UploadId></R>");
    for (int part = 1; part <= 3; ++part) desk.will_say(200, {}, {{"ETag", "\"e\""}});
    desk.will_say(200, "<CompleteMultipartUploadResult/>");
    desk.bucket.put_file("k", path);
    auto& asked = desk.server->asked;
    REQUIRE(asked.size() == 5);
    CHECK(asked[0] == "POST /b/k?uploads= 0");
    CHECK(asked[1] == "PUT /b/k?partNumber=1&uploadId=a%26b 10");
    CHECK(asked[3] == "PUT /b/k?partNumber=3&uploadId=a%26b 5");
    CHECK(asked[4].starts_with("POST /b/k?uploadId=a%26b "));
    asked.clear();
    desk.will_say(200, "<R><UploadId>u</UploadId></R>");
    desk.will_say(200, {}, {{"ETag", "\"e\""}});
    desk.will_say(403);
    desk.will_say(204);
    CHECK(kind_of([&] { desk.bucket.put_file("k", path); }) == ErrorKind::internal);
    CHECK(asked.back() == "DELETE /b/k?uploadId=u 0");
    desk.will_say(200, "<R><UploadId>u</UploadId></R>");
    for (int part = 1; part <= 3; ++part) desk.will_say(200, {}, {{"ETag", "\"e\""}});
    desk.will_say(200, "<Error><Code>InternalError</Code></Error>");  // S3 knows it only after its 200
    desk.will_say(204);
    CHECK(kind_of([&] { desk.bucket.put_file("k", path); }) == ErrorKind::unavailable);
}

TEST_CASE("lists of several pages, and unfinished parts") {
    Desk desk;
    desk.will_say(
        200,
        "<L><Contents><Key>p/1</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified></Contents>"
        "<NextContinuationToken>t/=</NextContinuationToken></L>");
    desk.will_say(
        200, "<L><Contents><Key>p/2</Key><LastModified>2009-10-12T17:50:31Z</LastModified></Contents></L>");
    std::vector<std::string> names;
    desk.bucket.list("p/", [&](const S3Object& object) {
        names.push_back(object.name + " " +
                        std::to_string(std::chrono::system_clock::to_time_t(object.changed)));
    });
    // date -u -d 2009-10-12T17:50:30Z +%s
    CHECK(names == std::vector<std::string>{"p/1 1255369830", "p/2 1255369831"});
    CHECK(desk.server->asked.back() == "GET /b?continuation-token=t%2F%3D&list-type=2&prefix=p%2F 0");
    desk.will_say(200,
                  "<L><Prefix>p/</Prefix><CommonPrefixes><Prefix>p/aa/</Prefix></CommonPrefixes>"
                  "<CommonPrefixes><Prefix>p/bb/</Prefix></CommonPrefixes></L>");
    CHECK(desk.bucket.folders("p/") == std::vector<std::string>{"p/aa/", "p/bb/"});
    desk.will_say(501);
    CHECK(desk.bucket.abort_unfinished("p/", std::chrono::system_clock::now()) == 0);
    desk.will_say(200,
                  "<L><Upload><Key>p/1</Key><UploadId>u</UploadId><Initiated>2009-10-12T17:50:30Z</"
                  "Initiated></Upload></L>");
    desk.will_say(204);
    CHECK(desk.bucket.abort_unfinished("p/", std::chrono::system_clock::now()) == 1);
    CHECK(desk.server->asked.back() == "DELETE /b/p/1?uploadId=u 0");
}

TEST_CASE("whatever a server writes is read without harm") {
    CHECK(s3_values("<a>1 &lt;2&gt; &amp;amp; &quot;&apos;</a><b/><a></a>", "a") ==
          std::vector<std::string>{"1 <2> &amp; \"'", ""});
    CHECK(s3_values("<a>never closed", "a").empty());
    std::minstd_rand random(9);
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = random() % 40; n > 0; --n) text += "<a>/&amp;lt;-T:Z0123456789"[random() % 25];
        s3_values(text, "a");
        s3_instant(text);
    }
    const auto now = std::chrono::system_clock::now();
    CHECK(s3_instant("yesterday") >= now);  // never old by mistake
}

}  // namespace
}  // namespace kernel::blobs
