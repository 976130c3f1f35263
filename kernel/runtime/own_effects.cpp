#include "kernel/runtime/own_effects.hpp"

#include "kernel/mail/mail.hpp"
#include "kernel/mail/mailer.hpp"

namespace kernel::runtime {

mail::SmtpServer smtp_server(const config::MailConfig& config) {
    mail::SmtpServer server;
    server.host = config.server;
    server.port = config.port;
    server.security = config.security == "tls"       ? mail::Security::tls
                      : config.security == "ninguno" ? mail::Security::none
                                                     : mail::Security::starttls;
    server.user = config.user;
    server.password = config.password.reveal();
    server.hello = mail::Address::parse(config.sender).domain();
    return server;
}

std::map<std::string, plugins::OwnEffect> own_effects(Core& core, const net::TlsTrust& trust) {
    std::map<std::string, plugins::OwnEffect> own;
    const auto& config = core.platform().mail;
    if (!config) return own;
    const auto mailer = std::make_shared<mail::Mailer>(
        smtp_server(*config), mail::Address::parse(config->sender), trust, *core.blobs);
    own[mail::effect_kind] = {mail::effect_rules,
                              [&core, mailer](const tenancy::Tenant& tenant, outbox::Delivery& delivery) {
                                  mailer->deliver(core.databases->of(tenant), delivery);
                              }};
    return own;
}

}  // namespace kernel::runtime
