// Where a municipality lets its sede go: `salida` of its YAML file.
#pragma once

#include "kernel/net/url.hpp"

#include <string>
#include <vector>

namespace kernel::net {

/// A server by its name, checked before the name is resolved; and the address that was resolved, checked
/// before it is connected to. Both have to pass, for each redirect anew.
class Egress {
public:
    Egress() = default;  ///< nowhere
    /// `servers`: "boe.es", "*.aemet.es" (names below it), "datos.example.es:8443", "10.0.0.7", "*" (every
    /// public one). Without a port, the scheme's usual one. `networks`: blocks that are allowed although they
    /// are not public. Throws Error{invalid}.
    Egress(const std::vector<std::string>& servers, const std::vector<std::string>& networks);
    /// The municipality's own site may always be asked, wherever its name leads from here (a proxy inside the
    /// house, a loopback address): at its origin only.
    void allow_own(const Url& site) { own_ = site; }

    /// Throws Error{forbidden} saying what to write in the YAML file.
    void check(const Url& url) const;
    /// The same for an address that the url's name was resolved to. Null: it may be reached.
    const char* refusal(const Url& url, const Ip& ip) const;

private:
    struct Server {
        std::string name;  ///< "*" for all
        bool below = false;
        std::uint16_t port = 0;  ///< 0: the usual one
    };
    std::vector<Server> servers_;
    std::vector<Network> networks_;
    std::optional<Url> own_;
};

}  // namespace kernel::net
