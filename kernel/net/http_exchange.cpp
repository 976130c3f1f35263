#include "kernel/net/http_exchange.hpp"

#include "kernel/base/text.hpp"
#include "kernel/net/error.hpp"
#include "kernel/net/wire.hpp"

#include <fmt/format.h>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include <algorithm>
#include <array>

namespace kernel::net {

namespace http = boost::beast::http;
using concejo::Error;
using concejo::ErrorKind;

namespace {

bool is_token(std::string_view text) {
    static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               others.find(c) != others.npos;
    });
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
    const bool clean = std::none_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (!is_token(name) || !clean)
        throw Error(ErrorKind::invalid, fmt::format("la cabecera «{}» tiene caracteres que no puede tener",
                                                    is_token(name) ? name : "?"));
    out.append(name).append(": ").append(value).append("\r\n");
}

/// What the client alone decides: it frames the message.
constexpr std::array<std::string_view, 8> ours{
    "host", "content-length", "transfer-encoding", "connection", "expect", "te", "upgrade", "trailer"};

/// ByteSource as Beast reads it.
struct Stream {
    ByteSource& source;
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers, error_code& error) {
        for (auto it = boost::asio::buffer_sequence_begin(buffers);
             it != boost::asio::buffer_sequence_end(buffers); ++it) {
            const boost::asio::mutable_buffer buffer(*it);
            if (buffer.size())
                return source.read_some(static_cast<char*>(buffer.data()), buffer.size(), error);
        }
        error = {};
        return 0;
    }
    template <class Buffers>
    std::size_t read_some(const Buffers& buffers) {
        error_code error;
        const auto count = read_some(buffers, error);
        if (error) throw boost::system::system_error(error);
        return count;
    }
};

constexpr std::uint32_t longest_head = 64u << 10;
constexpr int most_interim = 8;

[[noreturn]] void broken(const error_code& error) {
    throw NetError(ErrorKind::unavailable,
                   fmt::format("el servidor no ha dado una respuesta entera: {}", explain(error)), true);
}

}  // namespace

std::string write_request(const HttpRequest& request, const Url& url, const Fields& extra) {
    if (!is_token(request.method) || request.method == "CONNECT" || request.method == "TRACE")
        throw Error(ErrorKind::invalid, "el método HTTP no vale");
    auto out = fmt::format("{} {} HTTP/1.1\r\n", request.method, url.target);
    add_field(out, "Host", url.authority());
    for (const auto* list : {&request.fields, &extra}) {
        for (const auto& [name, value] : *list) {
            if (std::find(ours.begin(), ours.end(), base::lower_ascii(name)) != ours.end())
                throw Error(ErrorKind::invalid, fmt::format("la cabecera «{}» la pone la plataforma", name));
            add_field(out, name, value);
        }
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
        request.method == "PATCH")
        add_field(out, "Content-Length", std::to_string(request.body.size()));
    out += "Connection: close\r\n\r\n";
    return out + request.body;
}

struct AnswerReader::State {
    State(ByteSource& source, bool head) : stream{source}, head_method(head) {}
    Stream stream;
    const bool head_method;
    boost::beast::flat_buffer buffer{longest_head + (64u << 10)};
    std::optional<http::response_parser<http::buffer_body>> parser;
};

AnswerReader::AnswerReader(ByteSource& source, bool head_method)
    : state_(std::make_unique<State>(source, head_method)) {}
AnswerReader::~AnswerReader() = default;

HttpAnswer AnswerReader::head() {
    auto& parser = state_->parser;
    for (int interim = 0;; ++interim) {
        parser.emplace();
        parser->header_limit(longest_head);
        parser->body_limit(boost::none);  // counted in body()
        parser->skip(state_->head_method);
        error_code error;
        http::read_header(state_->stream, state_->buffer, *parser, error);
        if (error) broken(error);
        const auto status = parser->get().result_int();
        if (status >= 200) break;
        if (status == 101 || interim == most_interim) broken(http::make_error_code(http::error::bad_status));
    }
    HttpAnswer answer;
    answer.status = static_cast<int>(parser->get().result_int());
    for (const auto& field : parser->get()) answer.fields.emplace_back(field.name_string(), field.value());
    return answer;
}

void AnswerReader::body(std::uint64_t limit, const std::function<void(std::string_view)>& take) {
    auto& parser = *state_->parser;
    const auto too_long = [&] {
        throw Error(ErrorKind::invalid,
                    fmt::format("la respuesta pasa de {} bytes: amplíe el límite de la petición", limit));
    };
    if (const auto announced = parser.content_length();
        announced && *announced > limit && !state_->head_method)
        too_long();
    std::array<char, 32 << 10> piece;
    std::uint64_t total = 0;
    while (!parser.is_done()) {
        auto& body = parser.get().body();
        body.data = piece.data();
        body.size = piece.size();
        error_code error;
        http::read(state_->stream, state_->buffer, parser, error);
        if (error == http::error::need_buffer) error = {};
        if (error) broken(error);
        const auto count = piece.size() - body.size;
        if ((total += count) > limit) too_long();
        if (count) take({piece.data(), count});
    }
}

}  // namespace kernel::net
