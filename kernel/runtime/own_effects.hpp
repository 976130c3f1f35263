// The kernel's own kinds of effect: mail, where the installation has a mail server.
#pragma once

#include "kernel/mail/smtp_client.hpp"
#include "kernel/plugins/deliver_effect.hpp"
#include "kernel/runtime/core.hpp"

namespace kernel::runtime {

mail::SmtpServer smtp_server(const config::MailConfig& config);

/// Both outlive what is answered. Without `correo:` mail is no kind of this process, and stays queued.
std::map<std::string, plugins::OwnEffect> own_effects(Core& core, const net::TlsTrust& trust);

}  // namespace kernel::runtime
