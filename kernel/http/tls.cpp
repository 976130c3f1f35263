#include <fmt/format.h>
#include <openssl/ssl.h>

#include "concejo/error.hpp"
#include "kernel/http/core.hpp"

namespace kernel::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

void check(const error_code& error, const char* what, const std::string& file) {
    if (!error) return;
    throw concejo::Error(concejo::ErrorKind::invalid,
                         fmt::format("TLS: {} {}: {}; compruebe que es un fichero PEM legible y que la clave "
                                     "corresponde al certificado",
                                     what, file, error.message()));
}

}  // namespace

std::unique_ptr<ssl::context> make_tls(const TlsFiles& files) {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
    error_code error;
    context->use_certificate_chain_file(files.certificate, error);
    check(error, "no se puede usar el certificado", files.certificate);
    context->use_private_key_file(files.key, ssl::context::pem, error);
    check(error, "no se puede usar la clave", files.key);
    if (!files.client_authorities.empty()) {
        context->load_verify_file(files.client_authorities, error);
        check(error, "no se pueden usar las autoridades de cliente", files.client_authorities);
        context->set_verify_mode(ssl::verify_peer | ssl::verify_client_once);
        static constexpr unsigned char session_context[] = "concejo";
        SSL_CTX_set_session_id_context(context->native_handle(), session_context, sizeof session_context - 1);
    }
    return context;
}

}  // namespace kernel::http
