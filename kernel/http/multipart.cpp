#include "kernel/http/multipart.hpp"

#include <algorithm>

#include "kernel/http/refusal.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

constexpr std::size_t all_texts = 1 << 20;

[[noreturn]] void malformed() { throw Refusal(400, "bad_multipart"); }

/// WHATWG: browsers write a quote or a line break in a name as these three escapes, and nothing else as one.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto escape = text.substr(i, 3);
        char plain = escape == "%22" ? '"' : escape == "%0D" ? '\r' : escape == "%0A" ? '\n' : '\0';
        out += plain ? plain : text[i];
        if (plain) i += 2;
    }
    return out;
}

std::string clean_text(std::string text) {
    if (text.find('\0') != text.npos) throw Refusal(400, "nul_in_form");
    return is_utf8(text) ? text : repaired_utf8(text);
}

}  // namespace

std::optional<std::string> header_parameter(std::string_view value, std::string_view name) {
    auto at = value.find(';');
    while (at != value.npos) {
        value.remove_prefix(at + 1);
        auto equals = value.find('=');
        if (equals == value.npos) return std::nullopt;
        auto key = trimmed(value.substr(0, equals));
        value.remove_prefix(equals + 1);
        std::string content;
        if (auto start = value.find_first_not_of(" \t"); start != value.npos && value[start] == '"') {
            auto end = value.find('"', start + 1);
            if (end == value.npos) return std::nullopt;
            content = value.substr(start + 1, end - start - 1);
            value.remove_prefix(end + 1);
        } else {
            content = trimmed(value.substr(0, value.find(';')));
        }
        if (same_name(key, name)) return content;
        at = value.find(';');
    }
    return std::nullopt;
}

MultipartParser::MultipartParser(std::string boundary, std::filesystem::path folder, const Limits& limits,
                                 Request& into)
    : delimiter_("\r\n--" + boundary), folder_(std::move(folder)), limits_(limits), request_(into) {
    if (boundary.empty() || boundary.size() > 70) malformed();
}

void MultipartParser::feed(std::string_view bytes) {
    if (state_ == State::epilogue) return;
    buffer_ += bytes;
    while (step()) {
    }
}

void MultipartParser::finish() {
    if (state_ != State::epilogue) malformed();
}

bool MultipartParser::step() {
    switch (state_) {
        case State::preamble:
        case State::data:
            return step_data();
        case State::after_delimiter:
            return step_after_delimiter();
        case State::head:
            return step_head();
        case State::epilogue:
            break;
    }
    buffer_.clear();
    return false;
}

bool MultipartParser::step_data() {
    auto found = buffer_.find(delimiter_);
    auto ready =
        found != buffer_.npos ? found : buffer_.size() - std::min(buffer_.size(), delimiter_.size() - 1);
    if (state_ == State::data) part_bytes(std::string_view(buffer_).substr(0, ready));
    if (found == buffer_.npos) {
        buffer_.erase(0, ready);
        return false;
    }
    if (state_ == State::data) end_part();
    buffer_.erase(0, found + delimiter_.size());
    state_ = State::after_delimiter;
    return true;
}

bool MultipartParser::step_after_delimiter() {
    auto end = buffer_.find_first_not_of(" \t");
    if (end == buffer_.npos) end = buffer_.size();
    if (end > 64) malformed();
    if (buffer_.size() < end + 2) return false;
    auto two = std::string_view(buffer_).substr(end, 2);
    if (two == "--" && end == 0)
        state_ = State::epilogue;
    else if (two == "\r\n")
        state_ = State::head;
    else
        malformed();
    buffer_.erase(0, end + 2);
    return true;
}

bool MultipartParser::step_head() {
    auto end = buffer_.find("\r\n\r\n");
    if (std::min(end, buffer_.size()) > limits_.multipart_head) malformed();
    if (end == buffer_.npos) return false;
    begin_part(std::string_view(buffer_).substr(0, end + 2));
    buffer_.erase(0, end + 4);
    state_ = State::data;
    return true;
}

void MultipartParser::begin_part(std::string_view head) {
    if (++parts_ > limits_.multipart_parts) throw Refusal(413, "too_many_parts");
    std::string disposition, type;
    while (!head.empty()) {
        auto end = head.find("\r\n");
        auto line = head.substr(0, end);
        head.remove_prefix(end + 2);
        auto colon = line.find(':');
        if (colon == line.npos || !is_token(line.substr(0, colon))) malformed();
        if (same_name(line.substr(0, colon), "content-disposition"))
            disposition = trimmed(line.substr(colon + 1));
        if (same_name(line.substr(0, colon), "content-type")) type = trimmed(line.substr(colon + 1));
    }
    if (lower_case(disposition.substr(0, disposition.find(';'))) != "form-data") malformed();
    auto name = clean_text(unescaped(header_parameter(disposition, "name").value_or("")));
    if (name.empty()) malformed();
    auto declared = header_parameter(disposition, "filename");
    is_file_ = declared.has_value();
    text_ = {name, {}};
    upload_ = Upload{};
    upload_.name = name;
    auto filename = clean_text(unescaped(declared.value_or("")));
    upload_.filename = filename.substr(filename.find_last_of("/\\") + 1);
    upload_.media_type = lower_case(trimmed(std::string_view(type).substr(0, type.find(';'))));
}

void MultipartParser::part_bytes(std::string_view bytes) {
    if (bytes.empty()) return;
    if (is_file_) {
        if (folder_.empty()) throw Refusal(415, "no_files_here");
        if (!file_) file_ = std::make_unique<SpoolFile>(folder_);
        file_->write(bytes);
        return;
    }
    text_total_ += bytes.size();
    if (text_.value.size() + bytes.size() > limits_.multipart_text || text_total_ > all_texts)
        throw Refusal(413, "text_field_too_long");
    text_.value += bytes;
}

void MultipartParser::end_part() {
    if (!is_file_) {
        request_.form.push_back({std::move(text_.name), clean_text(std::move(text_.value))});
        return;
    }
    // A file input that was left empty comes as a part without name and without content: not an upload.
    if (upload_.filename.empty() && !file_) return;
    if (folder_.empty()) throw Refusal(415, "no_files_here");
    if (!file_) file_ = std::make_unique<SpoolFile>(folder_);
    file_->finish(upload_);
    file_.reset();
    request_.uploads.push_back(std::move(upload_));
    upload_ = Upload{};
}

}  // namespace kernel::http
