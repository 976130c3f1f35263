#include "kernel/http/multipart.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "kernel/http/feed_for_tests.hpp"

using namespace kernel::http;
using kernel::http::testing::Folder;

namespace {

std::string part(const std::string& head, const std::string& body) {
    return "--b\r\n" + head + "\r\n\r\n" + body + "\r\n";
}

int multipart_status(const std::string& body, const Limits& limits = {}, bool with_folder = true) {
    Folder folder;
    Request request;
    try {
        MultipartParser parser("b", with_folder ? folder.path() : std::filesystem::path{}, limits, request);
        parser.feed(body);
        parser.finish();
        return 200;
    } catch (const Refusal& refusal) {
        return refusal.status();
    }
}

const std::string text_head = "Content-Disposition: form-data; name=\"a\"";
const std::string file_head =
    "Content-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: Text/Plain; x=y";

}  // namespace

TEST_CASE("a file is hashed, sized and kept until the request dies") {
    Folder folder;
    Limits limits;
    std::filesystem::path path, kept;
    {
        Request request;
        MultipartParser parser("b", folder.path(), limits, request);
        parser.feed("preamble\r\n" + part(file_head, "abc") + part(file_head, "") + part(text_head, "ñ") +
                    "--b--\r\nepilogue");
        parser.finish();
        REQUIRE(request.uploads.size() == 2);
        const auto& upload = request.uploads[0];
        CHECK(upload.name == "f");
        CHECK(upload.filename == "x.txt");
        CHECK(upload.media_type == "text/plain");
        CHECK(upload.size == 3);
        // FIPS 180-4, the example "abc"
        CHECK(upload.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        CHECK(request.form_value("a") == "ñ");
        path = upload.path;
        CHECK(std::filesystem::file_size(path) == 3);
        CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
        kept = request.uploads[1].keep();
    }
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(std::filesystem::exists(kept));
}

TEST_CASE("names are read as browsers write them") {
    Folder folder;
    Limits limits;
    auto filename = [&](const std::string& written) {
        Request request;
        MultipartParser parser("b", folder.path(), limits, request);
        parser.feed(part("Content-Disposition: form-data; name=\"f\"; filename=\"" + written + "\"", "x") +
                    "--b--");
        return request.uploads.at(0).filename;
    };
    CHECK(filename("C:\\temp\\acta.pdf") == "acta.pdf");
    CHECK(filename("../../etc/passwd") == "passwd");
    CHECK(filename("a%22b.pdf") == "a\"b.pdf");  // WHATWG: the quote is escaped, the percent is not
    CHECK(filename("100%.pdf") == "100%.pdf");
    CHECK(filename("sesi\xF3n.pdf") == "sesi\xEF\xBF\xBDn.pdf");
}

TEST_CASE("a field whose name is filename is no file") {
    Request request;
    Limits limits;
    MultipartParser parser("b", {}, limits, request);
    parser.feed(part("Content-Disposition: form-data; name=filename", "x") + "--b--");
    CHECK(request.form_value("filename") == "x");
}

TEST_CASE("what a multipart body may not be") {
    Limits small;
    small.multipart_parts = 2;
    small.multipart_text = 4;
    CHECK(multipart_status(part(text_head, "ok") + "--b--\r\n") == 200);
    CHECK(multipart_status("--b--\r\n") == 200);
    CHECK(multipart_status(part(text_head, "cut")) == 400);
    CHECK(multipart_status("no delimiter at all") == 400);
    CHECK(multipart_status(part("Content-Disposition: attachment; name=\"a\"", "x") + "--b--") == 400);
    CHECK(multipart_status(part("Content-Disposition: form-data", "x") + "--b--") == 400);
    CHECK(multipart_status(part("X: y", "x") + "--b--") == 400);
    CHECK(multipart_status(part("X: " + std::string(5000, 'y'), "x") + "--b--") == 400);
    CHECK(multipart_status(part(text_head, std::string("a\0b", 3)) + "--b--") == 400);
    CHECK(multipart_status(part(text_head, "12345") + "--b--", small) == 413);
    CHECK(multipart_status(part(text_head, "1") + part(text_head, "1") + part(text_head, "1") + "--b--",
                           small) == 413);
    CHECK(multipart_status(part(file_head, "abc") + "--b--", {}, false) == 415);
    CHECK(multipart_status(part("Content-Disposition: form-data; name=\"f\"; filename=\"\"", "") + "--b--",
                           {}, false) == 200);
}

TEST_CASE("a spool folder that is not there is 507, and nothing stays of a broken upload") {
    Limits limits;
    Request request;
    MultipartParser parser("b", "/nonexistent-folder", limits, request);
    CHECK_THROWS_AS(parser.feed(part(file_head, "abc")), Refusal);
    Folder folder;
    {
        Request other;
        MultipartParser cut("b", folder.path(), limits, other);
        cut.feed("--b\r\n" + file_head + "\r\n\r\n" + std::string(100'000, 'x'));
        CHECK(folder.files() == 1);
    }
    CHECK(folder.files() == 0);
}
