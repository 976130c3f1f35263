// For tests: a folder of their own, other programs run in it, and a development PKI made once a program.
#pragma once

#include "plugins/evidence/keys/development_pki.hpp"
#include "plugins/evidence/keys/signing_key.hpp"
#include "tests/support/shell.hpp"

namespace evidence::testing {

inline std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("no se puede leer " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}
inline void write(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

class Workspace {
public:
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

    /// Through the shell, in the folder. The sanitizers' settings are ours, not the program's.
    tests::Outcome run(const std::string& command) const {
        return tests::run("cd '" + folder_.path() + "' && env -u LSAN_OPTIONS -u ASAN_OPTIONS sh -c '" +
                          command + "'");
    }

private:
    tests::Folder folder_;
};

/// raiz, ca, sello, empleado, tsa and ocsp of one PKI for the whole program.
class Pki {
public:
    static constexpr const char* ocsp_address = "http://127.0.0.1/ocsp";
    static constexpr const char* crl_address = "http://127.0.0.1/ca.crl";
    static constexpr const char* root_crl_address = "http://127.0.0.1/raiz.crl";

    static const Pki& get() {
        static const Pki pki(
            {"Ayuntamiento de Pruebas", "P0000000A", ocsp_address, crl_address, root_crl_address});
        return pki;
    }
    /// One that names no OCSP nor CRL: pdfsig would ask them.
    static const Pki& plain() {
        static const Pki pki({"Ayuntamiento de Pruebas", "P0000000A", "", "", ""});
        return pki;
    }
    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    std::string text(const std::string& name) const { return read(path(name)); }
    keys::SigningKey key(const std::string& name) const {
        return keys::from_pem(text(name + ".key"), text(name + ".pem") + text("cadena.pem"));
    }
    crypto::Certificates roots() const { return crypto::certificates_from_pem(text("raiz.pem")); }

private:
    explicit Pki(const keys::DevelopmentPki& pki) { keys::make_development_pki(folder_ / "", pki); }
    Workspace folder_;
};

/// A file of the conformance data; empty where there is none here.
inline std::filesystem::path conformance(const std::string& name) {
    const char* folder = std::getenv("CONCEJO_CONFORMANCE");
    if (!folder || !*folder) return {};
    auto file = std::filesystem::path(folder) / name;
    return std::filesystem::exists(file) ? file : std::filesystem::path();
}

}  // namespace evidence::testing
