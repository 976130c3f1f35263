#include "kernel/http/body_reader.hpp"

#include <algorithm>

#include "kernel/http/refusal.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {

BodyReader::BodyReader(Head& head, BodyPlan plan, const Limits& limits)
    : head_(head), plan_(std::move(plan)), limits_(limits) {
    if (!head.chunked && head.content_length == 0) {
        done_ = true;
        return;
    }
    if (head.content_length > plan_.limit) throw Refusal(413, "body_too_large");
    if (head.chunked) chunks_.emplace(limits);
    if (plan_.sink) return;
    auto declared = head.request.field("content-type");
    auto type = lower_case(trimmed(declared.substr(0, declared.find(';'))));
    auto folder = plan_.spool ? plan_.spool_dir : std::filesystem::path{};
    urlencoded_ = type == "application/x-www-form-urlencoded";
    if (type == "multipart/form-data")
        multipart_ = std::make_unique<MultipartParser>(header_parameter(declared, "boundary").value_or(""),
                                                       folder, limits, head.request);
    else if (plan_.spool && !urlencoded_)
        file_ = std::make_unique<SpoolFile>(folder);
    else if (!head.chunked)
        // Room grows with what arrives: a client that only promises a megabyte does not get one.
        head.request.body.reserve(std::min<std::uint64_t>(head.content_length, 64 * 1024));
}

std::size_t BodyReader::feed(std::string_view input) {
    if (done_) return 0;
    if (!chunks_) {
        auto mine = input.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(
                                        input.size(), head_.content_length - received_)));
        store(mine);
        if (received_ == head_.content_length) finish();
        return mine.size();
    }
    std::size_t taken = 0;
    while (taken < input.size() && !chunks_->done()) {
        auto step = chunks_->next(input.substr(taken));
        taken += step.consumed;
        store(step.data);
    }
    if (chunks_->done()) finish();
    return taken;
}

void BodyReader::store(std::string_view bytes) {
    received_ += bytes.size();
    if (received_ > plan_.limit) throw Refusal(413, "body_too_large");
    if (plan_.sink)
        plan_.sink->write(bytes);
    else if (multipart_)
        multipart_->feed(bytes);
    else if (file_)
        file_->write(bytes);
    else
        head_.request.body += bytes;
}

void BodyReader::finish() {
    auto& request = head_.request;
    request.sink = std::move(plan_.sink);
    if (multipart_) multipart_->finish();
    if (urlencoded_) request.form = urlencoded_pairs(request.body, limits_.form_pairs);
    if (file_) {
        Upload whole;
        auto declared = request.field("content-type");
        whole.media_type = lower_case(trimmed(declared.substr(0, declared.find(';'))));
        file_->finish(whole);
        request.uploads.push_back(std::move(whole));
    }
    done_ = true;
}

}  // namespace kernel::http
