#include "kernel/web/device.hpp"

#include <array>
#include <utility>

namespace kernel::web {
namespace {

using Mark = std::pair<std::string_view, std::string_view>;

// The order matters: Chromium's kin name Chrome and Safari too.
constexpr std::array<Mark, 8> browsers{{{"Firefox/", "Firefox"},
                                        {"Edg/", "Edge"},
                                        {"OPR/", "Opera"},
                                        {"Chromium/", "Chromium"},
                                        {"HeadlessChrome/", "Chromium"},
                                        {"Chrome/", "Chrome"},
                                        {"Safari/", "Safari"},
                                        {"curl/", "curl"}}};
constexpr std::array<Mark, 7> systems{{{"Android", "Android"},
                                       {"iPhone", "iPhone"},
                                       {"iPad", "iPad"},
                                       {"Windows", "Windows"},
                                       {"Mac OS X", "macOS"},
                                       {"CrOS", "ChromeOS"},
                                       {"Linux", "Linux"}}};

template <class Marks>
std::string first_of(const Marks& marks, std::string_view agent) {
    for (const auto& [mark, name] : marks) {
        if (agent.find(mark) != agent.npos) return std::string(name);
    }
    return {};
}

}  // namespace

Device device_of(std::string_view agent) { return {first_of(browsers, agent), first_of(systems, agent)}; }

}  // namespace kernel::web
