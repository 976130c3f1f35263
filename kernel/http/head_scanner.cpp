#include "kernel/http/head.hpp"
#include "kernel/http/refusal.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {

bool HeadScanner::scan(std::string_view buffer) {
    while (!done_ && at_ < buffer.size()) {
        auto c = static_cast<unsigned char>(buffer[at_]);
        if (after_cr_) {
            if (c != '\n') throw Refusal(400, "bare_cr");
            after_cr_ = false;
            ++at_;
            end_of_line();
            continue;
        }
        if (c == '\r') {
            after_cr_ = true;
            ++at_;
            continue;
        }
        if (!in_head_) {
            // A TLS hello on the plain port, or garbage, is known by its first byte.
            if (!is_token_char(c)) throw Refusal(400, "bad_request_line");
            in_head_ = true;
            begin_ = line_begin_ = at_;
        }
        if (c == '\n') throw Refusal(400, "bare_lf");
        if ((c < 32 && c != '\t') || c == 127) throw Refusal(400, "control_character");
        ++at_;
        if (lines_ == 0 && at_ - begin_ > limits_.line_size) throw Refusal(414, "line_too_long");
        if (at_ - begin_ > limits_.head_size) throw Refusal(431, "head_too_long");
    }
    return done_;
}

void HeadScanner::end_of_line() {
    if (!in_head_) {
        // RFC 9112 section 2.2: a client may send an empty line after a body; more than two is not a client.
        if (++empty_lines_ > 2) throw Refusal(400, "empty_lines");
        return;
    }
    if (at_ - line_begin_ == 2) {
        done_ = true;
        return;
    }
    line_begin_ = at_;
    if (++lines_ > limits_.field_count + 1) throw Refusal(431, "too_many_fields");
}

}  // namespace kernel::http
