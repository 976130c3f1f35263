#include "kernel/net/tls_trust.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>
#include <boost/asio/ssl/context.hpp>

namespace kernel::net {

namespace ssl = boost::asio::ssl;

TlsTrust::TlsTrust(const std::filesystem::path& extra)
    : context_(std::make_unique<ssl::context>(ssl::context::tls_client)) {
    ::SSL_CTX_set_min_proto_version(context_->native_handle(), TLS1_2_VERSION);
    context_->set_default_verify_paths();
    context_->set_verify_mode(ssl::verify_peer);
    if (extra.empty()) return;
    boost::system::error_code error;
    context_->load_verify_file(extra.string(), error);
    if (error)
        throw concejo::Error(concejo::ErrorKind::invalid,
                             fmt::format("no se pueden leer las autoridades de certificación de {}: {}",
                                         extra.string(), error.message()));
}

TlsTrust::~TlsTrust() = default;

}  // namespace kernel::net
