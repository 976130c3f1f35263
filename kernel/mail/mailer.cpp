#include "kernel/mail/mailer.hpp"

#include "kernel/base/clock.hpp"
#include "kernel/base/log.hpp"
#include "kernel/mail/mail.hpp"
#include "kernel/mail/mime.hpp"

namespace kernel::mail {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;

namespace {

constexpr std::uint64_t most_attached = 25ull << 20;

std::vector<Address> addresses(const Json& list) {
    std::vector<Address> all;
    for (const auto& one : list.as_array())
        all.push_back(Address::of(one.at("name").as_string(), one.at("address").as_string()));
    return all;
}

bool any_utf8(const Json& payload) {
    for (const char* list : {"to", "cc", "reply_to"}) {
        for (const auto& address : addresses(payload.at(list))) {
            if (!address.ascii()) return true;
        }
    }
    return false;
}

}  // namespace

std::string Mailer::compose(const outbox::Delivery& delivery, bool eight_bit) const {
    const auto& payload = delivery.payload();
    Message message;
    message.from = sender_;
    message.from.name = payload.at("from_name").as_string();
    message.to = addresses(payload.at("to"));
    message.cc = addresses(payload.at("cc"));
    if (const auto reply = addresses(payload.at("reply_to")); !reply.empty())
        message.reply_to = reply.front();
    message.subject = payload.at("subject").as_string();
    message.text = payload.at("text").as_string();
    message.html = payload.at("html").as_string();
    message.language = payload.at("language").as_string();
    message.message_id = payload.at("message_id").as_string();
    message.unsubscribe = payload.string_or("unsubscribe", "");
    message.date = base::parse_utc(delivery.created_at()).value_or(std::chrono::system_clock::now());
    std::uint64_t total = 0;
    for (const auto& file : payload.at("files").as_array()) {
        Attachment attachment{file.at("name").as_string(), file.at("media_type").as_string(), {}};
        const auto& blob = file.at("blob").as_string();
        if ((total += blobs_.open(delivery.tenant(), blob).bytes) > most_attached)
            throw Error(ErrorKind::invalid, "los archivos adjuntos pasan de 25 MiB");
        blobs_.read(delivery.tenant(), blob, 0, most_attached,
                    [&](std::string_view piece) { attachment.content += piece; });
        message.attachments.push_back(std::move(attachment));
    }
    return build(message, eight_bit);
}

void Mailer::deliver(db::Pool& pool, outbox::Delivery& delivery) const {
    const auto& payload = delivery.payload();
    const bool forget = payload.bool_or("forget", false);
    if (forget) delivery.forget();
    const auto noted_as = payload.string_or("noted_as", payload.at("recipient").as_string());
    const auto note = [&](const char* state, const std::string& detail) {
        try {  // what a server says may name whom it says it of
            mark(pool, delivery.tenant().id, payload.at("message_id").as_string(), noted_as, state,
                 forget ? std::string() : detail);
        } catch (const Error& error) {  // the mail's own fate stands in the outbox; this is told besides
            base::log_warning({"mail", delivery.tenant().id, {}, {}},
                              "no se pudo anotar el estado de un correo",
                              Json::object({{"error", error.what()}}));
        }
    };
    const Envelope envelope{sender_, Address::of({}, payload.at("recipient").as_string()), any_utf8(payload)};
    try {
        const auto last = send(
            server_, trust_, envelope, [&](bool eight_bit) { return compose(delivery, eight_bit); },
            [&] { delivery.sending(); });
        if (!forget) delivery.note(last);
        note("sent", last);
    } catch (const SmtpRefused& refused) {
        delivery.not_done();
        if (refused.for_good()) note("refused", refused.what());
        if (forget && refused.for_good())
            return delivery.note("rechazado");  // whoever queued it asks and knows
        delivery.note(forget ? "aplazado" : refused.what());
        throw;
    }
}

}  // namespace kernel::mail
