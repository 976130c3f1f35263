// What a person recognises a session by.
#pragma once

#include <string>
#include <string_view>

namespace kernel::web {

struct Device {
    std::string browser, system;  ///< "Firefox", "Linux"; empty where it is none of the common ones
};

/// From a User-Agent field. A guess for people, never for decisions.
Device device_of(std::string_view agent);

}  // namespace kernel::web
