#include "hora_oficial.hpp"

#include <sys/timex.h>

namespace calendar {

Sincronia sincronia() {
    timex state{};  // modes 0: nothing is changed, no privilege is needed
    const int said = ::adjtimex(&state);
    if (said == -1) return {false, std::nullopt};
    const bool kept = said != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    return {kept, kept ? std::optional(static_cast<double>(state.maxerror) / 1000.0) : std::nullopt};
}

}  // namespace calendar
