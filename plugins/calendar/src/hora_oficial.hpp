// How well the clock of this machine is kept (RD 4/2010, art. 15; Ley 39/2015, art. 31.2).
#pragma once

#include <optional>

namespace calendar {

struct Sincronia {
    bool sincronizado;               ///< the system's clock follows a reference (NTP, chrony …)
    std::optional<double> error_ms;  ///< the most by which it may be off, as whoever keeps it estimates
};
/// What the operating system says of its clock; it is only asked, never set.
Sincronia sincronia();

}  // namespace calendar
