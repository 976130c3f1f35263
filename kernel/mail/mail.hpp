// Queued e-mail: written in the caller's transaction as one effect for each recipient, so that each succeeds
// or fails alone.
#pragma once

#include "kernel/db/pool.hpp"
#include "kernel/mail/address.hpp"
#include "kernel/mail/dsn.hpp"
#include "kernel/outbox/rules.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kernel::mail {

/// The kind of its effects, which are the kernel's own.
inline constexpr const char* effect_kind = "correo";
/// A message whose acceptance was not heard is sent again, with the same Message-ID: twice is better than
/// never (RFC 5321, 4.5.4.1). With pauses of up to an hour that is about five days.
inline constexpr outbox::KindRules effect_rules{false, outbox::OnUnknown::retry, 120};

struct Draft {
    std::string plugin, key{};  ///< of two with the same key one is sent; empty: made here
    std::string host;           ///< of the municipality: the right half of the Message-ID
    std::string from_name{};
    std::vector<Address> to, cc{};
    std::optional<Address> reply_to{};
    std::string subject, text, html{}, language = "es";
    struct File {
        std::string blob, name, media_type;
    };
    std::vector<File> files{};
    std::int64_t at = 0;        ///< Unix seconds, not before
    std::string unsubscribe{};  ///< as Message has it
    /// Nobody is to be found by having been written to: recipients are noted as "1", "2"…, in their order,
    /// and the message goes once it is sent. One that is refused for good is no person's to look at.
    bool forget = false;
};

struct Queued {
    std::string key, message_id;
    std::size_t recipients = 0;
    bool fresh = true;
};

/// Part of `tx`. Throws Error{invalid} for what could not be sent: nobody to send it to, more than 100
/// recipients, control characters in a header, more than 1 MiB of text.
Queued queue(db::Transaction& tx, const Draft& draft);

struct RecipientState {
    std::string recipient, state, detail, changed_at;  ///< queued, sent, refused, delayed, bounced, delivered
};
std::vector<RecipientState> state(db::Pool& pool, const std::string& tenant, const std::string& message_id);
/// What a delivery or a notification says of one recipient. A later "sent" does not undo "bounced".
bool mark(db::Pool& pool, const std::string& tenant, const std::string& message_id,
          const std::string& recipient, const std::string& state, const std::string& detail);

struct NotedBounce {
    std::string tenant, recipient, state;
};
/// Marks the recipients that the notification names, of a message of this cluster's; where it names none of
/// them and the message had one recipient, that one. Empty: the message is not ours.
std::vector<NotedBounce> note_bounce(db::Pool& pool, const Bounce& bounce);

/// Forgets recipients after two years.
void remove_old(db::Pool& pool);

}  // namespace kernel::mail
