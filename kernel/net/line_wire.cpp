#include "kernel/net/line_wire.hpp"

#include "kernel/net/error.hpp"
#include "kernel/net/wire.hpp"

#include <fmt/format.h>

namespace kernel::net {

using Steady = std::chrono::steady_clock;

namespace {

/// Whoever answers slowly answers: the limit of each step is what counts here.
constexpr Pace no_pace{std::chrono::hours(24), 1};

}  // namespace

LineWire::LineWire() : wire_(std::make_unique<Wire>(no_pace)) {}
LineWire::~LineWire() = default;

void LineWire::connect(const std::string& host, std::uint16_t port, const Resolve& resolve,
                       std::chrono::milliseconds limit) {
    const auto literal = Ip::parse(host);
    const auto found = literal ? std::vector<Ip>{*literal} : resolve(host, Steady::now() + limit);
    std::string why = "sin direcciones";
    for (const auto& ip : found) {
        try {
            wire_ = std::make_unique<Wire>(no_pace);
            return wire_->connect(ip, port, Steady::now() + limit);
        } catch (const NetError& error) {
            why = error.what();
        }
    }
    throw NetError(concejo::ErrorKind::unavailable, fmt::format("{}: {}", host, why));
}

void LineWire::start_tls(const TlsTrust& trust, const std::string& host, std::chrono::milliseconds limit) {
    wire_->start_tls(trust, host, Ip::parse(host).has_value(), Steady::now() + limit);
}

void LineWire::allow(std::chrono::milliseconds limit) {
    wire_->rest();
    wire_->set_deadline(Steady::now() + limit);
}

std::size_t LineWire::read_some(char* into, std::size_t size, error_code& error) {
    return wire_->read_some(into, size, error);
}

void LineWire::write(std::string_view bytes) {
    error_code error;
    wire_->write(bytes, error);
    if (error) throw NetError(concejo::ErrorKind::unavailable, "no se ha podido enviar: " + explain(error));
}

}  // namespace kernel::net
