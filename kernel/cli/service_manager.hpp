// systemd's notification protocol (sd_notify(3)), for units of Type=notify.
#pragma once

#include <string_view>

namespace kernel::cli {

/// Sends "READY=1", "STOPPING=1" … to $NOTIFY_SOCKET; does nothing where nobody listens.
void tell_service_manager(std::string_view state);

}  // namespace kernel::cli
