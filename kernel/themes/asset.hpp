// A static file under a name that contains its hash, so that browsers may keep it for ever.
#pragma once

#include <string>
#include <string_view>

namespace kernel::themes {

struct Asset {
    std::string name;  ///< "base-9f2ce41b0a.js"
    std::string type;  ///< media type
    std::string bytes;
    std::string gzip;  ///< the same compressed, or empty where that gains nothing
    std::string etag;  ///< quoted
    std::string url;   ///< prefix and name
};

/// `stem` and `extension` ("js") around the first ten hexadecimal digits of the SHA-256 of `bytes`.
Asset make_asset(std::string_view prefix, std::string_view stem, std::string_view extension,
                 std::string bytes);

}  // namespace kernel::themes
