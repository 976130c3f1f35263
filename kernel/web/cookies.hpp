// The cookies of the platform: names and attributes.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace kernel::web {

/// With `secure` names begin with __Host-, which browsers only take with Secure, Path=/ and no Domain. The
/// plain-http demonstration has other names, without Secure.
class Cookies {
public:
    explicit Cookies(bool secure) : secure_(secure) {}

    std::string session() const { return name("concejo"); }
    std::string visitor() const { return name("concejo-formularios"); }
    std::string ticket() const { return name("concejo-acceso"); }

    /// A Set-Cookie line; without `life` until the browser is closed. `strict`: not even sent on links from
    /// elsewhere.
    std::string set(std::string_view name, std::string_view value,
                    std::optional<std::chrono::seconds> life = {}, bool strict = false) const;
    std::string clear(std::string_view name) const;

private:
    std::string name(std::string_view plain) const { return (secure_ ? "__Host-" : "") + std::string(plain); }

    bool secure_;
};

}  // namespace kernel::web
