#include "kernel/blobs/s3_bucket.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/blobs/file.hpp"
#include "kernel/blobs/s3_answers.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace kernel::blobs {

using concejo::Error;
using concejo::ErrorKind;

S3Bucket::S3Bucket(S3Options options, std::unique_ptr<S3Transport> transport)
    : options_(std::move(options)),
      transport_(transport ? std::move(transport) : s3_over_http(options_.address)) {}

S3Answer S3Bucket::once(const Ask& ask) {
    const auto time = s3_time(std::chrono::system_clock::now());
    S3Signed request;
    request.method = ask.method;
    request.path = "/" + options_.bucket + (ask.name.empty() ? "" : "/" + ask.name);
    request.query = ask.query;
    request.payload_hash = base::sha256_hex(ask.body);
    request.fields = ask.fields;
    request.fields.emplace_back("x-amz-date", time);
    request.fields.emplace_back("x-amz-content-sha256", request.payload_hash);
    auto sent = request.fields;
    request.fields.emplace_back("host", transport_->host());
    sent.emplace_back("Authorization", s3_authorization(request, options_.who, time));
    const auto query = s3_query(ask.query);
    return transport_->ask(ask.method, s3_encoded(request.path, true) + (query.empty() ? "" : "?" + query),
                           sent, ask.body, ask.most);
}

// Everything asked here may be asked twice: a content is the same whoever writes it, and what is gone is
// gone.
S3Answer S3Bucket::ask(const Ask& ask) {
    auto pause = options_.pause;
    for (int attempt = 1;; ++attempt) {
        try {
            auto answer = once(ask);
            if (answer.status != 429 && answer.status / 100 != 5) return answer;
            if (answer.status == 501) return answer;
            if (attempt >= options_.attempts)
                throw Error(ErrorKind::unavailable, fmt::format("el almacén S3 contesta {} a {} {}",
                                                                answer.status, ask.method, ask.name));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::unavailable || attempt >= options_.attempts) throw;
        }
        std::this_thread::sleep_for(pause);
        pause *= 2;
    }
}

S3Answer S3Bucket::expect(const Ask& asked, std::initializer_list<int> statuses) {
    auto answer = ask(asked);
    if (std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end()) return answer;
    const auto code = s3_values(answer.body, "Code");
    // A 403 is about the installation's keys, never about whoever asked for the file.
    const auto kind = answer.status == 404 ? ErrorKind::not_found : ErrorKind::internal;
    throw Error(kind,
                fmt::format("el almacén S3 contesta {} {} a {} {}: compruebe 'ficheros.s3' en platform.yaml",
                            answer.status, code.empty() ? "" : code.front(), asked.method,
                            asked.name.empty() ? options_.bucket : asked.name));
}

std::optional<std::uint64_t> S3Bucket::size(const std::string& name) {
    const auto answer = expect({"HEAD", name, {}, {}, {}}, {200, 404});
    if (answer.status == 404) return std::nullopt;
    return s3_number(answer.field("content-length"));
}

std::string S3Bucket::read(const std::string& name, std::uint64_t offset, std::size_t length) {
    if (length == 0) return {};
    Ask get{"GET", name, {}, {{"Range", fmt::format("bytes={}-{}", offset, offset + length - 1)}}, {}};
    get.most = std::max<std::size_t>(length, 64 << 10);  // a refusal has a body too
    auto answer = expect(get, {206, 416});
    return answer.status == 416 ? std::string() : std::move(answer.body);
}

void S3Bucket::put(const std::string& name, std::string_view bytes) {
    expect({"PUT", name, {}, {}, bytes}, {200});
}

void S3Bucket::put_file(const std::string& name, const std::filesystem::path& path) {
    const auto bytes = std::filesystem::file_size(path);
    if (bytes <= options_.part_bytes)
        return put(name, File::open(path, O_RDONLY).read_at(0, static_cast<std::size_t>(bytes)));
    const auto begun = expect({"POST", name, {{"uploads", ""}}, {}, {}}, {200});
    const auto ids = s3_values(begun.body, "UploadId");
    if (ids.size() != 1)
        throw Error(ErrorKind::internal, "el almacén S3 no da identificador a la subida por partes");
    try {
        put_parts(name, path, ids.front(), bytes);
    } catch (const Error&) {
        try {
            ask({"DELETE", name, {{"uploadId", ids.front()}}, {}, {}});
        } catch (const Error&) {
            // The collector gives up what nobody finished.
        }
        throw;
    }
}

void S3Bucket::put_parts(const std::string& name, const std::filesystem::path& path,
                         const std::string& upload, std::uint64_t bytes) {
    File file = File::open(path, O_RDONLY);
    std::string list = "<CompleteMultipartUpload>";
    int number = 0;
    for (std::uint64_t at = 0; at < bytes; at += options_.part_bytes) {
        const auto part = file.read_at(at, options_.part_bytes);
        const auto sent = expect(
            {"PUT", name, {{"partNumber", std::to_string(++number)}, {"uploadId", upload}}, {}, part}, {200});
        list += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number,
                            sent.field("etag"));
    }
    list += "</CompleteMultipartUpload>";
    const auto done =
        expect({"POST", name, {{"uploadId", upload}}, {{"Content-Type", "application/xml"}}, list}, {200});
    // S3 says 200 before it knows: the verdict is in the body.
    if (done.body.find("<Error") != std::string::npos)
        throw Error(ErrorKind::unavailable, "el almacén S3 no ha podido unir las partes");
}

void S3Bucket::remove(const std::string& name) { expect({"DELETE", name, {}, {}, {}}, {200, 204, 404}); }

std::vector<std::string> S3Bucket::folders(const std::string& prefix) {
    std::vector<std::string> all;
    std::string more;
    do {
        S3Pairs query{{"list-type", "2"}, {"prefix", prefix}, {"delimiter", "/"}};
        if (!more.empty()) query.emplace_back("continuation-token", more);
        const auto answer = expect({"GET", "", query, {}, {}, 4 << 20}, {200});
        // Each stands in a CommonPrefixes of its own; the request's own Prefix is there too.
        for (const auto& group : s3_values(answer.body, "CommonPrefixes")) {
            for (auto& name : s3_values(group, "Prefix")) all.push_back(std::move(name));
        }
        const auto next = s3_values(answer.body, "NextContinuationToken");
        more = next.empty() ? std::string() : next.front();
    } while (!more.empty());
    return all;
}

void S3Bucket::list(const std::string& prefix, const std::function<void(const S3Object&)>& take) {
    std::string more;
    do {
        S3Pairs query{{"list-type", "2"}, {"prefix", prefix}};
        if (!more.empty()) query.emplace_back("continuation-token", more);
        const auto answer = expect({"GET", "", query, {}, {}, 4 << 20}, {200});
        const auto names = s3_values(answer.body, "Key"), times = s3_values(answer.body, "LastModified");
        for (std::size_t i = 0; i < names.size() && i < times.size(); ++i)
            take({names[i], s3_instant(times[i])});
        const auto next = s3_values(answer.body, "NextContinuationToken");
        more = next.empty() ? std::string() : next.front();
    } while (!more.empty());
}

std::size_t S3Bucket::abort_unfinished(const std::string& prefix,
                                       std::chrono::system_clock::time_point before) {
    const auto answer = ask({"GET", "", {{"uploads", ""}, {"prefix", prefix}}, {}, {}, 4 << 20});
    if (answer.status != 200) return 0;
    const auto names = s3_values(answer.body, "Key"), ids = s3_values(answer.body, "UploadId"),
               times = s3_values(answer.body, "Initiated");
    std::size_t aborted = 0;
    for (std::size_t i = 0; i < names.size() && i < ids.size() && i < times.size(); ++i) {
        if (s3_instant(times[i]) >= before) continue;
        ask({"DELETE", names[i], {{"uploadId", ids[i]}}, {}, {}});
        ++aborted;
    }
    return aborted;
}

}  // namespace kernel::blobs
