// The publication log for machines: what monitors and witnesses read (c2sp.org/tlog-tiles, tlog-checkpoint).
#include "pages.hpp"
#include "publication_log.hpp"
#include "rotation.hpp"

#include "plugins/evidence/log/tiles.hpp"

namespace evidence {
namespace {

[[noreturn]] void nothing_there(const Request& request) {
    throw Error(ErrorKind::not_found, request.tr("El registro de publicación no tiene eso."));
}

void open_to_all(Reply& reply, const char* cache) {
    reply.field("Access-Control-Allow-Origin", "*");
    reply.field("Cache-Control", cache);
}

/// Nothing where there are no keys to use: what was signed is read all the same.
std::shared_ptr<const Office> office_or_none(const Request& request, concejo::Transaction& tx) {
    try {
        return office_of(request, tx);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unavailable) throw;
        return nullptr;
    }
}

void checkpoint(const Request& request, Reply& reply) {
    auto tx = request.begin();
    auto last = LogReader(tx).latest();
    if (!last) nothing_there(request);
    auto shown = std::move(last->checkpoint);
    if (const auto office = office_or_none(request, tx))
        shown = under_present_key(tx, *office, std::move(shown));
    open_to_all(reply, "no-cache");
    reply.body("text/plain; charset=utf-8", shown.note.write());
}

void tile(const Request& request, Reply& reply) {
    const auto asked = log::parse_tile_path("tile/" + request.segment("*"));
    if (!asked) nothing_there(request);
    auto tx = request.begin();
    const LogReader reader(tx);
    const auto last = reader.latest();
    const std::uint64_t size = last ? last->checkpoint.head.size : 0;
    // a tile of level L ends at this many leaves; what no checkpoint holds yet is not shown
    if (asked->level > 6 || asked->index > size) nothing_there(request);
    const std::uint64_t end = (asked->index * 256 + asked->width) << (8 * asked->level);
    if (end > size) nothing_there(request);
    open_to_all(reply, "public, max-age=31536000, immutable");
    reply.body("application/octet-stream",
               asked->entries ? log::entry_bundle(reader.entries(asked->index * 256, asked->width))
                              : log::tile_bytes(reader.nodes(), *asked));
}

void public_key(const Request& request, Reply& reply) {
    auto tx = request.begin();
    if (!LogReader(tx).origin()) nothing_there(request);
    open_to_all(reply, "no-cache");
    reply.body("application/x-pem-file", crypto::public_pem(office_of(request, tx)->log_public()));
}

void verifier_key(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto origin = LogReader(tx).origin();
    if (!origin) nothing_there(request);
    open_to_all(reply, "no-cache");
    reply.body("text/plain; charset=utf-8", all_verifier_keys(tx, *office_of(request, tx), *origin));
}

}  // namespace

void register_log(concejo::Kernel& kernel) {
    kernel.bare("GET", "/evidencia/checkpoint", checkpoint);
    kernel.bare("GET", "/evidencia/tile/*", tile);
    kernel.bare("GET", "/evidencia/clave.pem", public_key);
    kernel.bare("GET", "/evidencia/clave", verifier_key);
}

}  // namespace evidence
