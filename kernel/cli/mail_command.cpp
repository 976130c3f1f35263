#include "kernel/base/tr.hpp"
#include "kernel/mail/mail.hpp"

#include "kernel/cli/command_core.hpp"

#include <concejo/error.hpp>

#include <fmt/format.h>

#include <iostream>

namespace kernel::cli {
namespace {

using concejo::Json;

constexpr std::size_t longest_message = 32u << 20;

std::string read_all(std::istream& in) {
    std::string text;
    char piece[64 << 10];
    while (in.read(piece, sizeof piece) || in.gcount() > 0) {
        text.append(piece, static_cast<std::size_t>(in.gcount()));
        if (text.size() > longest_message)
            throw concejo::Error(concejo::ErrorKind::invalid, base::tr("el mensaje pasa de 32 MiB"));
    }
    return text;
}

void bounce(Context& context) {
    const auto found = mail::parse_bounce(read_all(std::cin));
    std::vector<mail::NotedBounce> noted;
    if (found) {
        CommandCore core(context);
        for (const auto& [name, pool] : core.core().databases->all()) {
            for (auto& one : mail::note_bounce(*pool, *found)) noted.push_back(std::move(one));
        }
    }
    Json list = Json::array();
    for (const auto& one : noted)
        list.push_back(
            Json::object({{"tenant", one.tenant}, {"recipient", one.recipient}, {"state", one.state}}));
    context.exit_code = noted.empty() ? 1 : 0;
    context.answer(
        Json::object(
            {{"ok", !noted.empty()}, {"message_id", found ? found->message_id : ""}, {"recipients", list}}),
        !found          ? base::tr("El mensaje no es un aviso de entrega (RFC 3464).")
        : noted.empty() ? base::tr("El aviso no es de ningún mensaje enviado desde aquí.")
                        : base::tr("Anotado para {} destinatarios.", noted.size()));
}

}  // namespace

void add_mail(CLI::App& app, Context& context) {
    auto* mail = app.add_subcommand("mail", base::tr("El correo que sale de la sede"));
    mail->require_subcommand(1);
    auto* bounced = mail->add_subcommand(
        "bounce", base::tr("Anota un aviso de entrega fallida, leído de la entrada estándar"));
    common_options(bounced, context);
    bounced->callback([&context] { bounce(context); });
}

}  // namespace kernel::cli
