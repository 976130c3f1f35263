// Delivers queued mail: the kernel's part of the outbox.
#pragma once

#include "kernel/blobs/store.hpp"
#include "kernel/mail/smtp_client.hpp"
#include "kernel/outbox/dispatcher.hpp"

namespace kernel::mail {

/// Thread-safe.
class Mailer {
public:
    /// `trust` and `blobs` outlive it.
    Mailer(SmtpServer server, Address sender, const net::TlsTrust& trust, const blobs::Store& blobs)
        : server_(std::move(server)), sender_(std::move(sender)), trust_(trust), blobs_(blobs) {}

    /// One effect of kind `effect_kind`; `pool` is of the municipality's cluster. Throws as
    /// outbox::Courier::deliver may.
    void deliver(db::Pool& pool, outbox::Delivery& delivery) const;

private:
    std::string compose(const outbox::Delivery& delivery, bool eight_bit) const;

    const SmtpServer server_;
    const Address sender_;
    const net::TlsTrust& trust_;
    const blobs::Store& blobs_;
};

}  // namespace kernel::mail
