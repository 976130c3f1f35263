// A hierarchy for development and tests: every name says DESARROLLO, so that nobody takes it for a real one
// and production can refuse it.
#pragma once

#include <filesystem>
#include <string>

namespace evidence::keys {

struct DevelopmentPki {
    std::string entity;             ///< "Ayuntamiento de Ribera", at most 50 characters
    std::string nif = "P0000000A";  ///< the entity's, for organizationIdentifier
    std::string ocsp_address;       ///< written into the certificates; empty: none
    std::string crl_address;
    std::string root_crl_address;  ///< into the issuing authority's own certificate
    int years = 5;
};

/// Writes into `folder`, made with mode 0700, files of mode 0600: for each of raiz, ca, sello (RSA), empleado
/// (EC P-256), tsa and ocsp a NAME.pem and a NAME.key; cadena.pem (ca and raiz); raiz.crl and ca.crl, which
/// revoke nobody. Throws conflict where `folder` has any of them already.
void make_development_pki(const std::filesystem::path& folder, const DevelopmentPki&);

}  // namespace evidence::keys
