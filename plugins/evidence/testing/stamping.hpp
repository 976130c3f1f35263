// For tests: tokens of the development authority.
#pragma once

#include "plugins/evidence/testing/workspace.hpp"
#include "plugins/evidence/timestamp/client.hpp"
#include "plugins/evidence/timestamp/development_authority.hpp"

namespace evidence::testing {

inline timestamp::DevelopmentAuthority authority() {
    const auto tsa = Pki::get().key("tsa");
    EVP_PKEY_up_ref(tsa.key());
    return {crypto::share(const_cast<X509*>(&tsa.certificate())), crypto::Key(tsa.key()),
            crypto::share(tsa.chain())};
}

inline std::string stamp(const timestamp::Imprint& imprint) {
    const auto request = timestamp::make_request(imprint);
    return timestamp::accept(request, authority().answer(request.der)).der;
}

}  // namespace evidence::testing
