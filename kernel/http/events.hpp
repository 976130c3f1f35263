// Server-sent events: answers that stay open on the edge while others have news for them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace kernel::http {

/// One reader's mailbox. Whoever has news keeps a weak pointer: the channel ends with its connection. Any
/// thread.
class EventChannel {
public:
    using Piece = std::shared_ptr<const std::string>;
    static constexpr std::size_t most_waiting = 256 * 1024;  ///< bytes for a reader that does not keep up

    /// Whole events, as event_text() makes them; shared between readers. False when nobody reads any more, or
    /// so slowly that the rest was given up: the connection ends, and its client connects again.
    bool send(Piece events);
    /// The answer ends once everything was sent.
    void close();

    // ---- for the edge that holds the connection
    /// `wake` is called from any thread, under the channel's lock, whenever take() has something new.
    void attach(std::function<void()> wake);
    void detach();  ///< afterwards `wake` is not called any more
    struct Mail {
        std::vector<Piece> pieces;
        bool closed = false;    ///< after these
        bool overflow = false;  ///< some are missing
    };
    Mail take();

private:
    std::mutex mutex_;
    std::vector<Piece> waiting_;
    std::size_t bytes_ = 0;
    std::function<void()> wake_;
    bool closed_ = false, overflow_ = false, gone_ = false;
};

/// "event: <name>\ndata: …\n\n"; every line of `data` becomes a line of its own. `name` without line ends.
std::string event_text(std::string_view name, std::string_view data);

}  // namespace kernel::http
