// Decoder of Transfer-Encoding: chunked (RFC 9112 section 7.1), byte by byte: cuts do not change the result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/http/limits.hpp"

namespace kernel::http {

class ChunkedDecoder {
public:
    explicit ChunkedDecoder(const Limits& limits) : limits_(limits) {}

    struct Step {
        std::size_t consumed;   ///< bytes of the input that are dealt with
        std::string_view data;  ///< body bytes among them; borrowed from the input
    };
    /// Takes from `input` up to one stretch of body bytes. Call again with the rest until done() or the input
    /// is empty. Throws Refusal (400, 431). Trailers are checked and forgotten: never applied.
    Step next(std::string_view input);

    bool done() const noexcept { return state_ == State::done; }

private:
    enum class State {
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_name,
        trailer_value,
        trailer_lf,
        end_lf,
        done
    };
    void framing_byte(unsigned char c);
    void trailer_byte(unsigned char c);

    const Limits& limits_;
    State state_ = State::size;
    std::uint64_t left_ = 0;
    std::size_t digits_ = 0, extension_ = 0, trailers_ = 0, name_ = 0;
};

}  // namespace kernel::http
