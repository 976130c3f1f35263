// OpenSSL 3.0 reaches tokens through engines; Debian 12 has no PKCS#11 provider.
#include "plugins/evidence/keys/signing_key.hpp"

#include "plugins/evidence/crypto/der.hpp"

#include <openssl/engine.h>

#include <map>
#include <memory>
#include <mutex>

namespace evidence::keys {
namespace {

using concejo::Error;
using concejo::ErrorKind;

[[noreturn]] void unavailable(const std::string& text) {
    crypto::clear_errors();
    throw Error(ErrorKind::unavailable, text);
}

/// A copy of its own: ENGINE_by_id("pkcs11") would give every module the same one.
ENGINE* load_engine() {
    ENGINE_load_dynamic();
    ENGINE* engine = ENGINE_by_id("dynamic");
    const auto library = std::string(OPENSSL_info(OPENSSL_INFO_ENGINES_DIR)) + "/pkcs11.so";
    if (engine && ENGINE_ctrl_cmd_string(engine, "SO_PATH", library.c_str(), 0) == 1 &&
        ENGINE_ctrl_cmd_string(engine, "ID", "pkcs11", 0) == 1 &&
        ENGINE_ctrl_cmd_string(engine, "LOAD", nullptr, 0) == 1)
        return engine;
    ENGINE_free(engine);
    unavailable("Falta el paquete libengine-pkcs11-openssl");
}

ENGINE* open_engine(const std::string& module) {
    ENGINE* engine = load_engine();
    if (ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module.c_str(), 0) != 1 || ENGINE_init(engine) != 1) {
        ENGINE_free(engine);
        unavailable("No se puede cargar el módulo PKCS#11 " + module);
    }
    return engine;
}

/// Of the engines below, and of a PIN between its being said and its use.
std::mutex& engines_mutex() {
    static std::mutex mutex;
    return mutex;
}

/// One engine a module for the life of the process: a token's keys outlive any scope here.
ENGINE* engine(const std::string& module) {
    static std::map<std::string, ENGINE*> engines;
    auto& found = engines[module];
    if (!found) found = open_engine(module);
    return found;
}

crypto::Certificates token_certificate(ENGINE* engine, const std::string& address) {
    struct {
        const char* address;
        X509* certificate;
    } request{address.c_str(), nullptr};
    if (ENGINE_ctrl_cmd(engine, "LOAD_CERT_CTRL", 0, &request, nullptr, 1) != 1 || !request.certificate)
        unavailable("El dispositivo PKCS#11 no tiene el certificado de la clave");
    crypto::Certificates found;
    found.emplace_back(request.certificate);
    return found;
}

}  // namespace

SigningKey from_pkcs11(const Token& token) {
    if (!token.address.starts_with("pkcs11:") || token.address.find("pin-") != std::string::npos)
        throw Error(ErrorKind::invalid,
                    "La dirección de una clave PKCS#11 empieza por «pkcs11:» y no lleva el pin");
    const std::lock_guard lock(engines_mutex());
    auto* device = engine(token.module);
    // Not in the address: the engine writes addresses that it does not find to standard error.
    if (ENGINE_ctrl_cmd_string(device, "PIN", token.pin.c_str(), 0) != 1) unavailable("El pin no se admite");
    crypto::Key key(
        ENGINE_load_private_key(device, (token.address + ";type=private").c_str(), nullptr, nullptr));
    if (!key) unavailable("El dispositivo PKCS#11 no da la clave " + token.address);
    auto certificates = token.certificates.empty() ? token_certificate(device, token.address + ";type=cert")
                                                   : crypto::certificates_from_pem(token.certificates);
    auto own = crypto::share(certificates.front().get());
    certificates.erase(certificates.begin());
    return SigningKey(std::move(key), std::move(own), std::move(certificates));
}

}  // namespace evidence::keys
