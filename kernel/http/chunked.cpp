#include "kernel/http/chunked.hpp"

#include <algorithm>

#include "kernel/http/refusal.hpp"
#include "kernel/http/text.hpp"

namespace kernel::http {
namespace {

constexpr std::size_t most_digits = 8;  // 4 GiB: above every body limit, so that nothing wraps
constexpr std::size_t longest_extension = 256;

[[noreturn]] void bad_chunk() { throw Refusal(400, "bad_chunk"); }

int hex_value(unsigned char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_control(unsigned char c) { return (c < 32 && c != '\t') || c == 127; }

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::next(std::string_view input) {
    std::size_t at = 0;
    while (at < input.size() && state_ != State::done) {
        if (state_ == State::data) {
            auto data =
                input.substr(at, static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at)));
            left_ -= data.size();
            if (left_ == 0) state_ = State::data_cr;
            return {at + data.size(), data};
        }
        framing_byte(static_cast<unsigned char>(input[at++]));
    }
    return {at, {}};
}

void ChunkedDecoder::framing_byte(unsigned char c) {
    switch (state_) {
        case State::size:
            if (int digit = hex_value(c); digit >= 0) {
                if (++digits_ > most_digits) bad_chunk();
                left_ = left_ * 16 + static_cast<unsigned>(digit);
            } else if (digits_ == 0) {
                bad_chunk();
            } else if (c == ';') {
                state_ = State::extension;
            } else if (c == '\r') {
                state_ = State::size_lf;
            } else {
                bad_chunk();
            }
            break;
        case State::extension:
            if (c == '\r')
                state_ = State::size_lf;
            else if (is_control(c) || ++extension_ > longest_extension)
                bad_chunk();
            break;
        case State::size_lf:
            if (c != '\n') bad_chunk();
            state_ = left_ ? State::data : State::trailer_name;
            digits_ = extension_ = 0;
            break;
        case State::data_cr:
            if (c != '\r') bad_chunk();
            state_ = State::data_lf;
            break;
        case State::data_lf:
            if (c != '\n') bad_chunk();
            state_ = State::size;
            break;
        default:
            trailer_byte(c);
    }
}

void ChunkedDecoder::trailer_byte(unsigned char c) {
    if (++trailers_ > limits_.trailer_size) throw Refusal(431, "trailers_too_long");
    switch (state_) {
        case State::trailer_name:
            if (c == '\r' && name_ == 0)
                state_ = State::end_lf;
            else if (c == ':' && name_ > 0)
                state_ = State::trailer_value;
            else if (is_token_char(c))
                ++name_;
            else
                bad_chunk();
            break;
        case State::trailer_value:
            if (c == '\r')
                state_ = State::trailer_lf;
            else if (is_control(c))
                bad_chunk();
            break;
        case State::trailer_lf:
            if (c != '\n') bad_chunk();
            state_ = State::trailer_name;
            name_ = 0;
            break;
        default:  // end_lf
            if (c != '\n') bad_chunk();
            state_ = State::done;
    }
}

}  // namespace kernel::http
